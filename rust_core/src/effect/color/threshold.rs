//! Nothing but black and white.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Nothing but black and white.
pub static EFFECT: Definition = Definition {
    effect_type: "threshold",
    display_name: "Threshold",
    description: "Makes white what is at least so light, and black the rest",
    category: "color",
    ai_hint: "Use this for a stark graphic look",
    parameters: &[Parameter::decimal(
        "level",
        "From where on it is white, as a part of the way from black to white",
        [0, 1000, 500],
    )],
    example: r#"{"level": 0.4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let luma = Expr::formula("if(gte(val,16+219*{}),235,16)", &[given.decimal("level")?]);
    Ok(brush.planes(wire, [("y", luma), ("u", Expr::of("128")), ("v", Expr::of("128"))]))
}
