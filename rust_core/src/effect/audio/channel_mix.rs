//! Which channel is heard where.

use crate::effect::{Definition, Does, Gains, Given, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::model::Micro;

/// Which channel is heard where.
pub static EFFECT: Definition = Definition {
    effect_type: "channel_mix",
    display_name: "Channel Mix",
    description: "Hears one channel on both sides, the mean of both, or each on the other's side",
    category: "audio",
    ai_hint: "Use this when a microphone was recorded on one side only, or sides were plugged the wrong way round",
    parameters: &[Parameter::choice(
        "use",
        "left or right: that one on both sides; mono: the mean on both; swap: each on the other side",
        &["mono", "left", "right", "swap"],
    )],
    example: r#"{"use": "left"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    let (none, half, all) = (Micro(0), Micro(500_000), Micro::ONE);
    let gains = match given.text("use")? {
        "left" => [[all, none], [all, none]],
        "right" => [[none, all], [none, all]],
        "swap" => [[none, all], [all, none]],
        _ => [[half, half], [half, half]],
    };
    Ok(gains)
}
