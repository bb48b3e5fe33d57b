//! Middle tones lighter or darker, black and white kept.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Middle tones lighter or darker, black and white kept.
pub static EFFECT: Definition = Definition {
    effect_type: "gamma",
    display_name: "Gamma",
    description: "Bends the scale of light and dark: black and white stay, the tones between them change",
    category: "color",
    ai_hint: "Use this to lift or lower the middle tones without losing black and white",
    parameters: &[Parameter::decimal(
        "amount",
        "Exponent's inverse: above 1 is lighter, below 1 darker",
        [100, 10_000, 1200],
    )],
    example: r#"{"amount": 1.4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let luma = Expr::formula("16+219*pow(clip((val-16)/219,0,1),1/{})", &[given.decimal("amount")?]);
    Ok(brush.planes(wire, [("y", luma)]))
}
