//! Colours further from or nearer to middle grey.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Colours further from or nearer to middle grey.
pub static EFFECT: Definition = Definition {
    effect_type: "contrast",
    display_name: "Contrast",
    description: "Multiplies the distance of every colour from middle grey",
    category: "color",
    ai_hint: "Use this when a picture looks flat, or too harsh",
    parameters: &[Parameter::decimal(
        "amount",
        "Factor on the distance from middle grey: 0 is all grey, 1 leaves it as it is",
        [0, 4000, 1200],
    )],
    example: r#"{"amount": 1.3}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let amount = given.decimal("amount")?;
    let luma = Expr::formula("(val-125.5)*{}+125.5", &[amount]);
    let chroma = Expr::formula("(val-128)*{}+128", &[amount]);
    Ok(brush.planes(wire, [("y", luma), ("u", chroma.clone()), ("v", chroma)]))
}
