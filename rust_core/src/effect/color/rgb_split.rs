//! Red and blue beside each other.

use crate::effect::{Brush, Definition, Does, Given, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Picture, Wire};

/// Red and blue beside each other.
pub static EFFECT: Definition = Definition {
    effect_type: "rgb_split",
    display_name: "RGB Split",
    description: "Moves red to one side and blue to the other; what moves in repeats the edge",
    category: "color",
    ai_hint: "Use this for a glitch, or as a lens with coloured edges",
    parameters: &[Parameter::whole(
        "distance",
        "How far each moves, in pixels of the film; negative the other way round",
        [-100, 100, 6],
    )],
    example: r#"{"distance": 8}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::paints(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let distance = given.whole("distance")?;
    let shift = Filter::new("rgbashift").with("rh", -distance).with("bh", distance).with("edge", "smear");
    Ok(brush.in_rgb(wire, [shift]))
}
