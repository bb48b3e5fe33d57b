//! A gain on sound.

use crate::effect::{Default, Definition, Does, Gains, Given, Kind, Parameter, Sounding, Takes, evenly};
use crate::error::CoreError;
use crate::limits::GAIN;
use crate::model::Micro;

/// A gain on sound.
pub static EFFECT: Definition = Definition {
    effect_type: "volume",
    display_name: "Volume",
    description: "Multiplies the sound",
    category: "audio",
    ai_hint: "Use this to make part of a clip quieter or louder; for the whole clip its volume does it too",
    parameters: &[Parameter {
        name: "gain",
        description: "Factor on the sound: 0 is silence, 1 leaves it as it is",
        kind: Kind::Decimal { min: Micro(0), max: GAIN },
        default: Default::Required,
        keyframable: true,
    }],
    example: r#"{"gain": 0.3}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    Ok(evenly(given.decimal("gain")?))
}
