//! Sound upside down.

use crate::effect::{Definition, Does, Gains, Given, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::model::Micro;

/// Sound upside down.
pub static EFFECT: Definition = Definition {
    effect_type: "phase_invert",
    display_name: "Phase Invert",
    description: "Turns the wave of one side or of both upside down",
    category: "audio",
    ai_hint: "Use this when two microphones cancel each other out",
    parameters: &[Parameter::choice("channels", "Which side", &["both", "left", "right"])],
    example: r#"{"channels": "right"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    let (same, over) = (Micro::ONE, Micro(-1_000_000));
    let (left, right) = match given.text("channels")? {
        "left" => (over, same),
        "right" => (same, over),
        _ => (over, over),
    };
    Ok([[left, Micro(0)], [Micro(0), right]])
}
