//! Clips in rows and columns.

use super::{Canvas, Definition, Place, Places};
use crate::effect::{Given, Parameter};
use crate::error::CoreError;
use crate::limits::out_of_range;

pub static LAYOUT: Definition = Definition {
    name: "grid",
    display_name: "Grid",
    description: "Clips in rows and columns of one size, from the upper left on, row by row; places without a clip stay \
                  empty",
    ai_hint: "Use this for a wall of up to sixteen pictures, such as a video call",
    parameters: &[
        Parameter::whole("columns", "How many columns", [1, 4, 2]),
        Parameter::whole("rows", "How many rows", [1, 4, 2]),
        Parameter::decimal("gap", "How far they are apart, as a part of the canvas's shorter side", [0, 200, 0]),
    ],
    example: r#"{"columns": 3, "rows": 2, "gap": 0.02}"#,
    clips: [1, 16],
    places: Places::Reckoned(places),
};

fn places(given: Given, canvas: &Canvas) -> Result<Vec<Place>, CoreError> {
    let (columns, rows) = (given.whole("columns")?, given.whole("rows")?);
    let count = i64::try_from(canvas.clips).unwrap_or(i64::MAX);
    if count > columns * rows {
        return Err(out_of_range("clips", format!("a grid of {columns} by {rows} takes {} clips", columns * rows)));
    }
    let (across, down) = canvas.even(given.decimal("gap")?);
    let cell = |number: i64, of: i64, gap: i64| {
        let whole = 1_000_000 - gap * (of - 1);
        let edge = |number: i64| whole * number / of;
        (edge(number) + gap * number, edge(number + 1) - edge(number))
    };
    let at = |number: i64| {
        let ((x, width), (y, height)) = (cell(number % columns, columns, across), cell(number / columns, rows, down));
        Place::at([x, y, width, height])
    };
    Ok((0..count).map(at).collect())
}
