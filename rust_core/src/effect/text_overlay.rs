//! Text over a clip's picture.

use super::definition::bad;
use super::{Default, Definition, Effect, Kind, Parameter, Takes};
use crate::error::CoreError;
use crate::model::{Params, Value, Window};
use crate::time::{FLICKS_PER_SECOND, Span};

/// Text over a clip's picture, as long as its window says.
#[derive(Debug)]
pub struct TextOverlay;

const FADE: Kind = Kind::Seconds { min: Span::ZERO, max: Span(3600 * FLICKS_PER_SECOND) };

static DEFINITION: Definition = Definition {
    effect_type: "text_overlay",
    display_name: "Text Overlay",
    description: "Draws text over the picture, exactly as typed, with optional fades. start and duration say when, \
                  relative to the clip; without a duration it stays to the clip's end",
    category: "overlay",
    ai_hint: "Use this to add titles, captions, or labels to video",
    parameters: &[
        Parameter {
            name: "text",
            description: "Text to draw. Nothing in it is special; a line feed starts a new line",
            kind: Kind::Text { characters: 2000, lines: 50 },
            default: Default::Required,
        },
        Parameter {
            name: "position",
            description: "Where on the picture",
            kind: Kind::Choice(&["center", "top", "bottom", "top_left", "top_right", "bottom_left", "bottom_right"]),
            default: Default::Text("center"),
        },
        Parameter {
            name: "font_size",
            description: "Height of the font in pixels of the film",
            kind: Kind::Whole { min: 8, max: 500 },
            default: Default::Int(48),
        },
        Parameter {
            name: "font_color",
            description: "Colour of the text",
            kind: Kind::Colour,
            default: Default::Text("white"),
        },
        Parameter {
            name: "fade_in",
            description: "Seconds over which the text appears",
            kind: FADE,
            default: Default::Int(0),
        },
        Parameter {
            name: "fade_out",
            description: "Seconds over which the text goes at the end of its window",
            kind: FADE,
            default: Default::Int(0),
        },
    ],
    example: r#"{"text": "Chapter 1", "position": "bottom", "font_size": 64, "fade_in": 0.5, "fade_out": 0.5}"#,
    takes: Takes::Clips,
    needs_picture: true,
};

impl Effect for TextOverlay {
    fn definition(&self) -> &'static Definition {
        &DEFINITION
    }

    fn check(&self, params: &Params, window: &Window) -> Result<(), CoreError> {
        let length = |name| if let Some(Value::Int(flicks)) = params.get(name) { *flicks } else { 0 };
        match window.duration {
            Some(Span(duration)) if length("fade_in") + length("fade_out") > duration => {
                Err(bad("fade_out", "the fades are longer than the text is shown".to_owned()))
            }
            _ => Ok(()),
        }
    }
}
