//! Picture and sound rise from nothing.

use super::{STRAIGHT, length};
use crate::effect::{Count, Definition, Does, Fade, Given, Takes};
use crate::error::CoreError;

/// Picture and sound rise from nothing.
pub static EFFECT: Definition = Definition {
    effect_type: "fade_in",
    display_name: "Fade In",
    description: "Picture and sound rise from nothing: on a clip from transparent, on the whole film from its background \
                  colour. It begins at start (default 0); nothing shows before",
    category: "fade",
    ai_hint: "Use this to open a film or a clip gently",
    parameters: &[length("Seconds from nothing to full")],
    example: r#"{"duration": 1}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Fade(rise),
};

fn rise(given: Given, count: Count, _whole: i64) -> Result<Fade, CoreError> {
    let length = count.at(given.time("duration")?).max(1);
    Ok(Fade { rises: true, start: count.at(given.window().start), length, curve: STRAIGHT })
}
