//! One colour over everything.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::model::Micro;

/// One colour over everything.
pub static EFFECT: Definition = Definition {
    effect_type: "colorize",
    display_name: "Colorize",
    description: "Draws every colour toward that of a colour; how light things are stays",
    category: "color",
    ai_hint: "Use this to tint a picture, for example blue for night",
    parameters: &[
        Parameter::colour("color", "Toward which colour", "blue"),
        Parameter::decimal("amount", "How far: 0 leaves it as it is, 1 leaves no other colour", [0, 1000, 500]),
    ],
    example: r##"{"color": "#ff8800", "amount": 0.6}"##,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (colour, amount) = (given.colour("color")?.to_bt709(), given.decimal("amount")?);
    let toward = |level| Expr::formula("val+({}-val)*{}", &[Micro(1_000_000 * level), amount]);
    Ok(brush.planes(wire, [("u", toward(colour.blue)), ("v", toward(colour.red))]))
}
