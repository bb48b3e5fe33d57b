//! Black and white.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Black and white.
pub static EFFECT: Definition = Definition {
    effect_type: "grayscale",
    display_name: "Grayscale",
    description: "Takes colour away; how light things are stays",
    category: "color",
    ai_hint: "Use this for black and white, or for a memory",
    parameters: &[Parameter::decimal("amount", "How much of the colour goes: 1 is all of it", [0, 1000, 1000])],
    example: r#"{"amount": 1}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let chroma = Expr::formula("val+(128-val)*{}", &[given.decimal("amount")?]);
    Ok(brush.planes(wire, [("u", chroma.clone()), ("v", chroma)]))
}
