//! Every pixel the mean of a square.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Every pixel the mean of a square.
pub static EFFECT: Definition = Definition {
    effect_type: "box_blur",
    display_name: "Box Blur",
    description: "Makes every pixel the mean of the square around it. The outline of a picture that is partly \
                  transparent stays as it is",
    category: "blur",
    ai_hint: "Use this for a plain, quick blur",
    parameters: &[Parameter::whole("radius", "How far the square reaches in pixels of the film", [1, 100, 6])],
    example: r#"{"radius": 4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (width, height) = brush.on.size;
    let radius = given.whole("radius")?.min((width.min(height) - 2) / 2);
    let blur = Filter::new("boxblur").with("lr", radius).with("lp", 1_i64);
    let blur = blur.with("cr", radius / 2).with("cp", 1_i64).with("ap", 0_i64);
    Ok(brush.graph.then(wire, blur))
}
