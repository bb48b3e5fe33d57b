//! Corners cut round.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};

/// Corners cut round.
pub static EFFECT: Definition = Definition {
    effect_type: "rounded_corners",
    display_name: "Rounded Corners",
    description: "Cuts the corners of the picture round, with a soft edge of one pixel",
    category: "keying",
    ai_hint: "Use this on a picture in a picture",
    parameters: &[Parameter::decimal("radius", "Radius of the corners, as a part of the shorter side", [0, 500, 100])],
    example: r#"{"radius": 0.2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let corner = "255*clip(0.5+{}*min(W,H)-hypot(max(abs(X+0.5-W/2)-W/2+{}*min(W,H),0),\
                  max(abs(Y+0.5-H/2)-H/2+{}*min(W,H),0)),0,1)";
    let mask = brush.mask(Expr::formula(corner, &[given.decimal("radius")?; 3]));
    Ok(brush.cut_out(wire, mask))
}
