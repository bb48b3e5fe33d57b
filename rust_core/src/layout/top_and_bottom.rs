//! Two clips above each other.

use super::{Canvas, Definition, Place, Places};
use crate::effect::{Given, Parameter};
use crate::error::CoreError;
use crate::model::Micro;

pub static LAYOUT: Definition = Definition {
    name: "top_and_bottom",
    display_name: "Top and Bottom",
    description: "The first clip at the top, the second at the bottom, each as wide as the canvas",
    ai_hint: "Use this for two pictures in an upright film",
    parameters: &[
        Parameter::decimal("ratio", "The first clip's part of the height", [50, 950, 500]),
        Parameter::decimal("gap", "How far they are apart, as a part of the canvas's shorter side", [0, 200, 0]),
    ],
    example: r#"{"ratio": 0.4, "gap": 0.05}"#,
    clips: [2, 2],
    places: Places::Reckoned(places),
};

fn places(given: Given, canvas: &Canvas) -> Result<Vec<Place>, CoreError> {
    let ((_, gap), Micro(ratio)) = (canvas.even(given.decimal("gap")?), given.decimal("ratio")?);
    let [first, second] = super::parted(ratio, gap);
    Ok([first, second].map(|(y, height)| Place::at([0, y, 1_000_000, height])).into())
}
