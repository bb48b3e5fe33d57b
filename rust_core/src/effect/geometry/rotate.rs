//! The picture turned around its middle.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Wire};

/// The picture turned around its middle.
pub static EFFECT: Definition = Definition {
    effect_type: "rotate",
    display_name: "Rotate",
    description: "Turns the picture around its middle in its own size: corners that leave it are cut off, and what \
                  lies beneath shows where it is gone",
    category: "geometry",
    ai_hint: "Use this to tilt a picture or to set a horizon straight; zoom in as well to hide empty corners",
    parameters: &[Parameter::decimal("angle", "Degrees, clockwise", [-360_000, 360_000, 10_000])],
    example: r#"{"angle": 8}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::opens(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let angle = Expr::formula("{}*PI/180", &[given.decimal("angle")?]);
    let wire = brush.with_opacity(wire);
    Ok(brush.graph.then(wire, Filter::new("rotate").with("angle", angle).with("fillcolor", "black@0")))
}
