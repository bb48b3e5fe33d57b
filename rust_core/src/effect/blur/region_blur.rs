//! One area out of focus.

use super::{Area, gaussian};
use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Picture, Wire};

/// One area out of focus.
pub static EFFECT: Definition = Definition {
    effect_type: "region_blur",
    display_name: "Region Blur",
    description: "Blurs one area of the picture, whose edges come to lie on even pixels; the rest stays as it is",
    category: "blur",
    ai_hint: "Use this to make a face or a number plate hard to read; pixelate hides it better",
    parameters: &[
        Parameter::decimal("radius", "Standard deviation of the blur in pixels of the film", [500, 100_000, 10_000]),
        Parameter::decimal("x", "Left edge of the area, as a part of the width", [0, 1000, 250]),
        Parameter::decimal("y", "Upper edge of the area, as a part of the height", [0, 1000, 250]),
        Parameter::decimal("width", "Its width, as a part of the picture's", [1, 1000, 500]),
        Parameter::decimal("height", "Its height, as a part of the picture's", [1, 1000, 500]),
    ],
    example: r#"{"radius": 12, "x": 0.4, "y": 0.2, "width": 0.2, "height": 0.3}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (radius, area) = (given.decimal("radius")?, Area::of(given, brush.on.size)?);
    Ok(brush.colours(wire, |brush, colours| area.change(brush, colours, gaussian(radius))))
}
