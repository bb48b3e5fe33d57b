//! How wide the sound is.

use crate::effect::{Definition, Does, Gains, Given, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::model::Micro;

/// How wide the sound is.
pub static EFFECT: Definition = Definition {
    effect_type: "stereo_width",
    display_name: "Stereo Width",
    description: "Multiplies what is different between left and right and leaves what is the same: 0 is mono, 1 leaves it as it is",
    category: "audio",
    ai_hint: "Use this to make music wider or narrower",
    parameters: &[Parameter::decimal("width", "Factor on half the difference between left and right", [0, 3000, 1000])],
    example: r#"{"width": 1.6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    let Micro(width) = given.decimal("width")?;
    let (same, other) = (Micro(i64::midpoint(1_000_000, width)), Micro((1_000_000 - width) / 2));
    Ok([[same, other], [other, same]])
}
