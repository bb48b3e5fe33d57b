//! Up and down exchanged.

use crate::effect::{Definition, Does, Takes};
use crate::graph::Filter;

/// Up and down exchanged.
pub static EFFECT: Definition = Definition {
    effect_type: "flip_vertical",
    display_name: "Flip Vertical",
    description: "Exchanges up and down, as in water",
    category: "geometry",
    ai_hint: "Use this for a reflection, or footage that hangs upside down",
    parameters: &[],
    example: "{}",
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(|_, brush, wire| Ok(brush.graph.then(wire, Filter::new("vflip")))),
};
