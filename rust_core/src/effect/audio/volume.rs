//! A gain on a clip's sound while its window lasts.

use crate::effect::{Default, Definition, Does, Kind, Parameter, Takes};
use crate::limits::GAIN;
use crate::model::Micro;

/// A gain on a clip's sound.
pub static EFFECT: Definition = Definition {
    effect_type: "volume",
    display_name: "Volume",
    description: "Multiplies a clip's sound while its window lasts: start and duration, relative to the clip; the whole \
                  clip without them",
    category: "audio",
    ai_hint: "Use this to make part of a clip quieter or louder; for the whole clip its volume does it too",
    parameters: &[Parameter {
        name: "gain",
        description: "Factor on the sound: 0 is silence, 1 leaves it as it is",
        kind: Kind::Decimal { min: Micro(0), max: GAIN },
        default: Default::Required,
        keyframable: false,
    }],
    example: r#"{"gain": 0.3}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::Gain(|given| given.decimal("gain")),
};
