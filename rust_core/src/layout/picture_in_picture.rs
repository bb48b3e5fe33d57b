//! One clip over all of the canvas, another in a corner of it.

use super::{Canvas, Definition, Place, Places};
use crate::effect::{Given, Parameter};
use crate::error::CoreError;
use crate::limits::out_of_range;
use crate::model::Micro;

pub static LAYOUT: Definition = Definition {
    name: "picture_in_picture",
    display_name: "Picture in Picture",
    description: "The first clip fills the canvas, the second lies over it in a corner or in the middle, in the canvas's \
                  shape; the second alone is framed",
    ai_hint: "Use this for a speaker over a screen or a game; the second clip must be on a higher track",
    parameters: &[
        Parameter::choice(
            "corner",
            "Where the small picture lies",
            &["bottom_right", "bottom_left", "top_right", "top_left", "center"],
        ),
        Parameter::decimal("size", "Its width and height, as a part of the canvas's", [50, 950, 300]),
        Parameter::decimal(
            "margin",
            "How far it is from the edges, as a part of the canvas's shorter side",
            [0, 400, 50],
        ),
    ],
    example: r#"{"corner": "top_right", "size": 0.25, "border_width": 0.02, "radius": 0.1, "shadow": 0.5}"#,
    clips: [2, 2],
    places: Places::Reckoned(places),
};

fn places(given: Given, canvas: &Canvas) -> Result<Vec<Place>, CoreError> {
    let (Micro(size), (across, down)) = (given.decimal("size")?, canvas.even(given.decimal("margin")?));
    if size + across.max(down) > 1_000_000 {
        return Err(out_of_range("params.margin", "size and margin together are at most the canvas"));
    }
    let far = |margin: i64| 1_000_000 - size - margin;
    let (x, y) = match given.text("corner")? {
        "top_left" => (across, down),
        "top_right" => (far(across), down),
        "bottom_left" => (across, far(down)),
        "center" => ((1_000_000 - size) / 2, (1_000_000 - size) / 2),
        _ => (far(across), far(down)),
    };
    Ok(vec![Place::GROUND, Place::at([x, y, size, size])])
}
