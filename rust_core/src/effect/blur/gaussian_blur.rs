//! Out of focus.

use super::gaussian;
use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Picture, Wire};

/// Out of focus.
pub static EFFECT: Definition = Definition {
    effect_type: "gaussian_blur",
    display_name: "Gaussian Blur",
    description: "Blurs the picture evenly. The outline of a picture that is partly transparent stays as it is",
    category: "blur",
    ai_hint: "Use this to put a background out of focus or to soften a picture",
    parameters: &[Parameter::decimal(
        "radius",
        "Standard deviation of the blur in pixels of the film",
        [500, 100_000, 5000],
    )],
    example: r#"{"radius": 6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let radius = given.decimal("radius")?;
    Ok(brush.graph.through(wire, gaussian(radius)))
}
