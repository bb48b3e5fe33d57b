//! What is light turns dark again.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// What is light turns dark again.
pub static EFFECT: Definition = Definition {
    effect_type: "solarize",
    display_name: "Solarize",
    description: "Inverts what is lighter than a threshold, in red, green and blue alike",
    category: "color",
    ai_hint: "Use this for a strange, half negative look",
    parameters: &[Parameter::decimal(
        "threshold",
        "From where on, as a part of the way from black to white",
        [0, 1000, 500],
    )],
    example: r#"{"threshold": 0.6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let level = Expr::formula("if(gt(val,255*{}),255-val,val)", &[given.decimal("threshold")?]);
    Ok(brush.channels(wire, [level.clone(), level.clone(), level]))
}
