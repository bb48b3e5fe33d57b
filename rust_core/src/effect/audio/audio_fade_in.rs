//! Sound rises from nothing.

use super::{CURVE, curve, lasting};
use crate::effect::{Count, Definition, Does, Fade, Given, Takes};
use crate::error::CoreError;

/// Sound rises from nothing.
pub static EFFECT: Definition = Definition {
    effect_type: "audio_fade_in",
    display_name: "Audio Fade In",
    description: "Sound alone rises from nothing along a curve. It begins at start (default 0); nothing is heard before",
    category: "audio",
    ai_hint: "Use this to let music in; fade_in does picture and sound",
    parameters: &[lasting("Seconds from nothing to full"), CURVE],
    example: r#"{"duration": 0.4, "curve": "equal_power"}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::SoundFade(rise),
};

fn rise(given: Given, count: Count, _whole: i64) -> Result<Fade, CoreError> {
    let length = count.at(given.time("duration")?).max(1);
    Ok(Fade { rises: true, start: count.at(given.window().start), length, curve: curve(given)? })
}
