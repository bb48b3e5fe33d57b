//! Left and right against each other.

use crate::effect::{Definition, Does, Gains, Given, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::model::Micro;

/// Left and right against each other.
pub static EFFECT: Definition = Definition {
    effect_type: "stereo_balance",
    display_name: "Stereo Balance",
    description: "Turns one side down and leaves the other as it is: at a balance of b the left is 1 - b times as loud where b is above 0, the right 1 + b times where b is below",
    category: "audio",
    ai_hint: "Use this when one side of a stereo recording is too loud; stereo_pan places a sound",
    parameters: &[Parameter::decimal(
        "balance",
        "From -1, only the left is heard, to 1, only the right",
        [-1000, 1000, 0],
    )],
    example: r#"{"balance": -0.4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Gains(gains)),
};

fn gains(given: Given) -> Result<Gains, CoreError> {
    let Micro(balance) = given.decimal("balance")?;
    let left = Micro(1_000_000 - balance.max(0));
    let right = Micro(1_000_000 + balance.min(0));
    Ok([[left, Micro(0)], [Micro(0), right]])
}
