//! Clips in rectangles that the request has.

use serde_json::Value as Json;

use super::{Definition, Place, Places};
use crate::decimal::scaled;
use crate::error::{Code, CoreError};
use crate::limits::out_of_range;

pub static LAYOUT: Definition = Definition {
    name: "rectangles",
    display_name: "Rectangles",
    description: "Every clip in a rectangle of its own: rectangles is a list of x, y, width and height, as parts of the \
                  canvas, one for each clip; where two overlap, the later one lies on top",
    ai_hint: "Use this where no other layout fits",
    parameters: &[],
    example: r#"{"rectangles": [{"x": 0, "y": 0, "width": 0.7, "height": 1}, {"x": 0.72, "y": 0.1, "width": 0.25, "height": 0.25}]}"#,
    clips: [1, 16],
    places: Places::Given,
};

/// The rectangles of a request, one for each of `clips`.
pub fn read(rectangles: Option<&Json>, clips: usize) -> Result<Vec<Place>, CoreError> {
    let refuse = |message: &str| CoreError::new(Code::BadParameter, message).at("params.rectangles");
    let list = rectangles.and_then(Json::as_array);
    let list = list.ok_or_else(|| refuse("rectangles is a list of {x, y, width, height}, as parts of the canvas"))?;
    if list.len() != clips {
        return Err(out_of_range("params.rectangles", format!("{clips} clips need {clips} rectangles")));
    }
    list.iter()
        .map(|one| rectangle(one).ok_or_else(|| refuse("a rectangle is x, y, width and height, decimals")))
        .collect()
}

fn rectangle(json: &Json) -> Option<Place> {
    let fields = json.as_object().filter(|fields| fields.len() == 4)?;
    let decimal = |name| match fields.get(name)? {
        Json::Number(number) => scaled(&number.to_string(), 1_000_000),
        Json::String(text) => scaled(text, 1_000_000),
        _ => None,
    };
    Some(Place::at([decimal("x")?, decimal("y")?, decimal("width")?, decimal("height")?]))
}
