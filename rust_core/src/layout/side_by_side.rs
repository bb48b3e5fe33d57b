//! Two clips beside each other.

use super::{Canvas, Definition, Place, Places};
use crate::effect::{Given, Parameter};
use crate::error::CoreError;
use crate::model::Micro;

pub static LAYOUT: Definition = Definition {
    name: "side_by_side",
    display_name: "Side by Side",
    description: "The first clip at the left, the second at the right, each as high as the canvas",
    ai_hint: "Use this for a comparison, or for two who talk to each other",
    parameters: &[
        Parameter::decimal("ratio", "The first clip's part of the width", [50, 950, 500]),
        Parameter::decimal("gap", "How far they are apart, as a part of the canvas's shorter side", [0, 200, 0]),
    ],
    example: r#"{"ratio": 0.6, "gap": 0.02}"#,
    clips: [2, 2],
    places: Places::Reckoned(places),
};

fn places(given: Given, canvas: &Canvas) -> Result<Vec<Place>, CoreError> {
    let ((gap, _), Micro(ratio)) = (canvas.even(given.decimal("gap")?), given.decimal("ratio")?);
    let [first, second] = super::parted(ratio, gap);
    Ok([first, second].map(|(x, width)| Place::at([x, 0, width, 1_000_000])).into())
}
