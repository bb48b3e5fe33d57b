//! A line along the edge, corners cut round.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Picture, Wire};
use crate::model::Micro;

/// A line along the edge, corners cut round.
pub static EFFECT: Definition = Definition {
    effect_type: "border",
    display_name: "Border",
    description: "Draws a line along the inside of the picture's edge, and cuts its corners round, line and all",
    category: "keying",
    ai_hint: "Use this to set off a picture in a picture from what lies beneath",
    parameters: &[
        Parameter::decimal("width", "Width of the line, as a part of the shorter side", [0, 500, 20]),
        Parameter::colour("color", "Colour of the line", "white"),
        Parameter::decimal("radius", "Radius of the corners, as a part of the shorter side", [0, 500, 0]),
    ],
    example: r##"{"width": 0.05, "color": "#ffcc00", "radius": 0.2}"##,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

/// How far a pixel lies inside the edge, in pixels.
const DEPTH: &str = "({}*min(W,H)-hypot(max(abs(X+0.5-W/2)-W/2+{}*min(W,H),0),max(abs(Y+0.5-H/2)-H/2+{}*min(W,H),0))\
                     -min(max(abs(X+0.5-W/2)-W/2+{}*min(W,H),abs(Y+0.5-H/2)-H/2+{}*min(W,H)),0))";

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let [width, radius] = given.decimals(["width", "radius"])?;
    let colour = given.colour("color")?.to_bt709();
    let depth = Expr::formula(DEPTH, &[radius; 5]);
    let lined = if width == Micro(0) {
        wire // a line of no width would still shine through at round corners
    } else {
        let line = Expr::formula("255*clip(0.5+{}*min(W,H)", &[width]).minus(&depth, ",0,1)");
        let line = brush.mask(line);
        brush.colours(wire, |brush, colours| brush.stencil(colours, colour, line))
    };
    let shape = brush.mask(depth.within("255*clip(0.5+{},0,1)"));
    Ok(brush.cut_out(lined, shape))
}
