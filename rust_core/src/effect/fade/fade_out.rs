//! Picture and sound fall to nothing.

use super::{STRAIGHT, length};
use crate::effect::{Count, Definition, Does, Fade, Given, Takes};
use crate::error::CoreError;
use crate::time::Time;

/// Picture and sound fall to nothing.
pub static EFFECT: Definition = Definition {
    effect_type: "fade_out",
    display_name: "Fade Out",
    description: "Picture and sound fall to nothing: on a clip to transparent, on the whole film to its background \
                  colour. It begins at start; with start 0, or none, it ends with the clip or the film. Nothing shows \
                  after",
    category: "fade",
    ai_hint: "Use this to close a film or a clip gently",
    parameters: &[length("Seconds from full to nothing")],
    example: r#"{"duration": 1}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Fade(fall),
};

fn fall(given: Given, count: Count, whole: i64) -> Result<Fade, CoreError> {
    let length = count.at(given.time("duration")?).max(1);
    let start = given.window().start;
    Ok(Fade {
        rises: false,
        start: if start == Time::ZERO { whole - length } else { count.at(start) },
        length,
        curve: STRAIGHT,
    })
}
