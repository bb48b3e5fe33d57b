//! How wide the sound is.

use crate::effect::{Definition, Desk, Does, Given, Hears, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};
use crate::model::Micro;

/// How wide the sound is.
pub static EFFECT: Definition = Definition {
    effect_type: "stereo_width",
    display_name: "Stereo Width",
    description: "Multiplies what is different between left and right and leaves what is the same: 0 is mono, 1 leaves it as it is",
    category: "audio",
    ai_hint: "Use this to make music wider or narrower",
    parameters: &[
        Parameter::decimal("width", "Factor on half the difference between left and right", [0, 3000, 1000]).still()
    ],
    example: r#"{"width": 1.6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding { tune, hears: Hears::Itself }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let Micro(width) = given.decimal("width")?;
    let (same, other) = (Micro(i64::midpoint(1_000_000, width)), Micro((1_000_000 - width) / 2));
    Ok(desk.matrix(wire, [[same, other], [other, same]]))
}
