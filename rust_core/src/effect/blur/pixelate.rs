//! Squares of one colour each.

use super::Area;
use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Squares of one colour each.
pub static EFFECT: Definition = Definition {
    effect_type: "pixelate",
    display_name: "Pixelate",
    description: "Puts squares of one colour, the mean of what was there, over an area of the picture, whose edges \
                  come to lie on even pixels; without an area over all of it",
    category: "blur",
    ai_hint: "Use this to hide a face or a number plate, or for the look of large pixels",
    parameters: &[
        Parameter::whole(
            "size",
            "How large a square is in pixels of the film, as near as whole squares fit the area",
            [2, 500, 16],
        ),
        Parameter::decimal("x", "Left edge of the area, as a part of the width", [0, 1000, 0]),
        Parameter::decimal("y", "Upper edge of the area, as a part of the height", [0, 1000, 0]),
        Parameter::decimal("width", "Its width, as a part of the picture's", [1, 1000, 1000]),
        Parameter::decimal("height", "Its height, as a part of the picture's", [1, 1000, 1000]),
    ],
    example: r#"{"size": 12, "x": 0.4, "y": 0.2, "width": 0.2, "height": 0.3}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (size, area) = (given.whole("size")?, Area::of(given, brush.on.size)?);
    let squares = |length: i64| ((2 * length + size) / (2 * size)).max(1);
    let scale = |width: i64, height: i64| Filter::new("scale").with("w", width).with("h", height);
    let format = |name| Filter::new("format").with("pix_fmts", name);
    let filters = [
        format("yuv444p"),
        scale(squares(area.width), squares(area.height)).with("flags", "area+accurate_rnd+bitexact"),
        scale(area.width, area.height).with("flags", "neighbor+accurate_rnd+bitexact"),
        format("yuv420p"),
        Filter::new("setsar").with("sar", 1_i64),
    ];
    Ok(brush.colours(wire, |brush, colours| area.change(brush, colours, filters)))
}
