//! Red, green and blue, each louder or softer.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Red, green and blue, each louder or softer.
pub static EFFECT: Definition = Definition {
    effect_type: "color_balance",
    display_name: "Color Balance",
    description: "Multiplies red, green and blue, each by a factor of its own",
    category: "color",
    ai_hint: "Use this to take a colour cast away or to put one on",
    parameters: &[
        Parameter::decimal("red", "Factor on red", [0, 4000, 1000]),
        Parameter::decimal("green", "Factor on green", [0, 4000, 1000]),
        Parameter::decimal("blue", "Factor on blue", [0, 4000, 1000]),
    ],
    example: r#"{"red": 1.2, "blue": 0.8}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let factors = given.decimals(["red", "green", "blue"])?;
    Ok(brush.channels(wire, factors.map(|factor| Expr::formula("val*{}", &[factor]))))
}
