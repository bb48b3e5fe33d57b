//! Every colour lighter or darker by the same amount.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Every colour lighter or darker by the same amount.
pub static EFFECT: Definition = Definition {
    effect_type: "brightness",
    display_name: "Brightness",
    description: "Adds to every colour, evenly: light and dark parts change alike",
    category: "color",
    ai_hint: "Use this to lighten or darken a picture evenly; for light as a camera sees it use exposure",
    parameters: &[Parameter::decimal(
        "amount",
        "How much, as a part of the way from black to white; negative is darker",
        [-1000, 1000, 100],
    )],
    example: r#"{"amount": 0.2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let amount = given.decimal("amount")?;
    Ok(brush.planes(wire, [("y", Expr::formula("val+219*{}", &[amount]))]))
}
