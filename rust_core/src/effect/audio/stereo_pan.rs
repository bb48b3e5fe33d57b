//! A place between left and right.

use crate::effect::{Definition, Does, Gains, Given, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::model::Micro;

/// A place between left and right.
pub static EFFECT: Definition = Definition {
    effect_type: "stereo_pan",
    display_name: "Stereo Pan",
    description: "Makes one channel of both, their mean, and places it at p from -1 to 1 with constant power: the left gets the square root of (1 - p) / 2 of it, the right of (1 + p) / 2; in the middle each is 3 dB below one that stands at its side alone",
    category: "audio",
    ai_hint: "Use this to place a voice or an instrument; stereo_balance keeps a stereo recording's width",
    parameters: &[Parameter::decimal("position", "From -1, left, to 1, right", [-1000, 1000, 0])],
    example: r#"{"position": 0.5}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    let Micro(position) = given.decimal("position")?;
    let [left, right] = [1_000_000 - position, 1_000_000 + position].map(|part| Micro(root(part) / 2));
    Ok([[left, left], [right, right]])
}

/// The square root of half of `part`, both in millionths.
fn root(part: i64) -> i64 {
    (part * 500_000).isqrt()
}
