//! As if pressed into grey paper.

use crate::effect::{Definition, Does, Takes};
use crate::graph::Filter;

/// As if pressed into grey paper.
pub static EFFECT: Definition = Definition {
    effect_type: "emboss",
    display_name: "Emboss",
    description: "Shows how light changes toward the lower right, as relief on the picture",
    category: "blur",
    ai_hint: "Use this for the look of metal or paper",
    parameters: &[],
    example: "{}",
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(|_, brush, wire| {
        let relief = Filter::new("convolution").with("0m", "-2 -1 0 -1 1 1 0 1 2");
        Ok(brush.graph.then(wire, relief))
    }),
};
