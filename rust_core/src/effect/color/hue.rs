//! Colours turned around the colour wheel.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Colours turned around the colour wheel.
pub static EFFECT: Definition = Definition {
    effect_type: "hue",
    display_name: "Hue",
    description: "Turns every colour around the wheel; how light and how strong it is stays",
    category: "color",
    ai_hint: "Use this to shift all colours at once",
    parameters: &[Parameter::decimal(
        "angle",
        "Degrees: 120 makes red what was blue, green what was red",
        [-360_000, 360_000, 30_000],
    )],
    example: r#"{"angle": 90}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    Ok(brush.graph.then(wire, Filter::new("hue").with("h", given.decimal("angle")?)))
}
