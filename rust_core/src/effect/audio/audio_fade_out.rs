//! Sound falls to nothing.

use super::{CURVE, curve, lasting};
use crate::effect::{Count, Definition, Does, Fade, Given, Takes};
use crate::error::CoreError;
use crate::time::Time;

/// Sound falls to nothing.
pub static EFFECT: Definition = Definition {
    effect_type: "audio_fade_out",
    display_name: "Audio Fade Out",
    description: "Sound alone falls to nothing along a curve. It begins at start; with start 0, or none, it ends with the clip or the film. Nothing is heard after",
    category: "audio",
    ai_hint: "Use this to let music out; fade_out does picture and sound",
    parameters: &[lasting("Seconds from full to nothing"), CURVE],
    example: r#"{"duration": 0.4, "curve": "equal_power"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::SoundFade(fall),
};

fn fall(given: Given, count: Count, whole: i64) -> Result<Fade, CoreError> {
    let length = count.at(given.time("duration")?).max(1);
    let start = given.window().start;
    let start = if start == Time::ZERO { whole - length } else { count.at(start) };
    Ok(Fade { rises: false, start, length, curve: curve(given)? })
}
