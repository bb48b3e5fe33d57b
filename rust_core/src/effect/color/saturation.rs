//! Stronger or weaker colours.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Stronger or weaker colours.
pub static EFFECT: Definition = Definition {
    effect_type: "saturation",
    display_name: "Saturation",
    description: "Multiplies how strong colours are; how light they are stays",
    category: "color",
    ai_hint: "Use this to make colours vivid or muted; 0 is black and white",
    parameters: &[Parameter::decimal("amount", "Factor: 0 is grey, 1 leaves it as it is", [0, 4000, 1300])],
    example: r#"{"amount": 1.5}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let chroma = Expr::formula("(val-128)*{}+128", &[given.decimal("amount")?]);
    Ok(brush.planes(wire, [("u", chroma.clone()), ("v", chroma)]))
}
