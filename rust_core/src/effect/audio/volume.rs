//! A gain on sound.

use crate::effect::{Default, Definition, Desk, Does, Given, Hears, Kind, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Sound, Wire};
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
        keyframable: false,
    }],
    example: r#"{"gain": 0.3}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding { tune, hears: Hears::Itself }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let gain = Expr::decimal(given.decimal("gain")?);
    Ok(desk.through(wire, [Filter::new("volume").with("volume", gain)]))
}
