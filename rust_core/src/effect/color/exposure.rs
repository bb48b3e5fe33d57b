//! More or less light, in stops.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// More or less light, in stops.
pub static EFFECT: Definition = Definition {
    effect_type: "exposure",
    display_name: "Exposure",
    description: "Multiplies the light of the picture as a camera's exposure does, on a screen of gamma 2.4",
    category: "color",
    ai_hint: "Use this to correct a picture that was shot too dark or too bright",
    parameters: &[Parameter::decimal("stops", "Stops: 1 is twice the light, -1 half of it", [-5000, 5000, 1000])],
    example: r#"{"stops": 0.7}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let stops = given.decimal("stops")?;
    let luma = Expr::formula("16+(val-16)*pow(2,{}/2.4)", &[stops]);
    let chroma = Expr::formula("128+(val-128)*pow(2,{}/2.4)", &[stops]);
    Ok(brush.planes(wire, [("y", luma), ("u", chroma.clone()), ("v", chroma)]))
}
