//! Fades of picture and sound, on a clip or on the whole film.

use super::{Default, Definition, Effect, Kind, Parameter, Takes};
use crate::time::{FLICKS_PER_SECOND, Span};

/// Picture and sound rise from nothing.
#[derive(Debug)]
pub struct FadeIn;

/// Picture and sound fall to nothing.
#[derive(Debug)]
pub struct FadeOut;

const SHORTEST: Span = Span(FLICKS_PER_SECOND / 1000);
const LONGEST: Span = Span(3600 * FLICKS_PER_SECOND);

static RISES: Definition = Definition {
    effect_type: "fade_in",
    display_name: "Fade In",
    description: "Picture and sound rise from nothing: on a clip from transparent, on the whole film from its background \
                  colour. It begins at start (default 0); nothing shows before",
    category: "fade",
    ai_hint: "Use this to open a film or a clip gently",
    parameters: &[Parameter {
        name: "duration",
        description: "Seconds from nothing to full",
        kind: Kind::Seconds { min: SHORTEST, max: LONGEST },
        default: Default::Int(FLICKS_PER_SECOND),
    }],
    example: r#"{"duration": 1}"#,
    takes: Takes::ClipsAndFilm,
    needs_picture: false,
};

static FALLS: Definition = Definition {
    effect_type: "fade_out",
    display_name: "Fade Out",
    description: "Picture and sound fall to nothing: on a clip to transparent, on the whole film to its background \
                  colour. It begins at start; with start 0, or none, it ends with the clip or the film. Nothing shows \
                  after",
    category: "fade",
    ai_hint: "Use this to close a film or a clip gently",
    parameters: &[Parameter {
        name: "duration",
        description: "Seconds from full to nothing",
        kind: Kind::Seconds { min: SHORTEST, max: LONGEST },
        default: Default::Int(FLICKS_PER_SECOND),
    }],
    example: r#"{"duration": 1}"#,
    takes: Takes::ClipsAndFilm,
    needs_picture: false,
};

impl Effect for FadeIn {
    fn definition(&self) -> &'static Definition {
        &RISES
    }
}

impl Effect for FadeOut {
    fn definition(&self) -> &'static Definition {
        &FALLS
    }
}
