//! Left and right exchanged.

use crate::effect::{Definition, Does, Takes};
use crate::graph::Filter;

/// Left and right exchanged.
pub static EFFECT: Definition = Definition {
    effect_type: "flip_horizontal",
    display_name: "Flip Horizontal",
    description: "Exchanges left and right, as in a mirror",
    category: "geometry",
    ai_hint: "Use this when somebody should look the other way",
    parameters: &[],
    example: "{}",
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(|_, brush, wire| Ok(brush.graph.then(wire, Filter::new("hflip")))),
};
