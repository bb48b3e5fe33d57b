//! The negative.

use crate::effect::{Definition, Does, Takes};
use crate::graph::Expr;

/// The negative.
pub static EFFECT: Definition = Definition {
    effect_type: "invert",
    display_name: "Invert",
    description: "Turns every colour into its opposite, as in a negative",
    category: "color",
    ai_hint: "Use this for a negative, or to mark something as unreal",
    parameters: &[],
    example: "{}",
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(|_, brush, wire| {
        let (luma, chroma) = (Expr::of("251-val"), Expr::of("256-val"));
        Ok(brush.planes(wire, [("y", luma), ("u", chroma.clone()), ("v", chroma)]))
    }),
};
