//! A warmer or cooler light.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// A warmer or cooler light.
pub static EFFECT: Definition = Definition {
    effect_type: "white_balance",
    display_name: "White Balance",
    description: "Multiplies red against blue (temperature) and green (tint), by up to a quarter each",
    category: "color",
    ai_hint: "Use this to correct or set the colour of the light: warm for evening, cool for night",
    parameters: &[
        Parameter::decimal("temperature", "From -1, cool and blue, to 1, warm and red", [-1000, 1000, 0]),
        Parameter::decimal("tint", "From -1, green, to 1, magenta", [-1000, 1000, 0]),
    ],
    example: r#"{"temperature": 0.4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [temperature, tint] = given.decimals(["temperature", "tint"])?;
    let red = Expr::formula("val*(1+{}/4)", &[temperature]);
    let green = Expr::formula("val*(1-{}/4)", &[tint]);
    let blue = Expr::formula("val*(1-{}/4)", &[temperature]);
    Ok(brush.channels(wire, [red, green, blue]))
}
