//! Text over a clip's picture. The text goes through a file, unexpanded: no character of it can mean anything to FFmpeg.

use crate::colour::Rgb;
use crate::effect::definition::bad;
use crate::effect::{Brush, Count, Default, Definition, Does, Fade, Given, Kind, Parameter, STRAIGHT, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Value, Wire};
use crate::model::Micro;
use crate::text;
use crate::time::{FLICKS_PER_SECOND, Span};

const ALL_OF_IT: Micro = Micro(1_000_000);
const FADE: Kind = Kind::Seconds { min: Span::ZERO, max: Span(3600 * FLICKS_PER_SECOND) };

/// Text over a clip's picture, as long as its window says.
pub static EFFECT: Definition = Definition {
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
            keyframable: false,
        },
        Parameter {
            name: "position",
            description: "Where on the picture",
            kind: Kind::Choice(&["center", "top", "bottom", "top_left", "top_right", "bottom_left", "bottom_right"]),
            default: Default::Text("center"),
            keyframable: false,
        },
        Parameter {
            name: "font_size",
            description: "Height of the font in pixels of the film",
            kind: Kind::Whole { min: 8, max: 500 },
            default: Default::Int(48),
            keyframable: true,
        },
        Parameter {
            name: "font_color",
            description: "Colour of the text",
            kind: Kind::Colour,
            default: Default::Text("white"),
            keyframable: false,
        },
        Parameter {
            name: "fade_in",
            description: "Seconds over which the text appears",
            kind: FADE,
            default: Default::Int(0),
            keyframable: false,
        },
        Parameter {
            name: "fade_out",
            description: "Seconds over which the text goes at the end of its window",
            kind: FADE,
            default: Default::Int(0),
            keyframable: false,
        },
    ],
    example: r#"{"text": "Chapter 1", "position": "bottom", "font_size": 64, "fade_in": 0.5, "fade_out": 0.5}"#,
    takes: Takes::Clips,
    rules: Some(fades_fit),
    does: Does::reaches_out(write),
};

fn fades_fit(given: Given) -> Result<(), CoreError> {
    match given.window().duration {
        Some(Span(duration)) if given.whole("fade_in")? + given.whole("fade_out")? > duration => {
            Err(bad("fade_out", "the fades are longer than the text is shown".to_owned()))
        }
        _ => Ok(()),
    }
}

fn write(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let colour = given.colour("font_color")?;
    if colour.is_grey() {
        let letters = letters(given, brush, colour)?;
        return Ok(brush.graph.then(wire, letters));
    }
    let letters = letters(given, brush, Rgb::WHITE)?;
    let mask = brush.lettering([letters], ALL_OF_IT);
    Ok(brush.stencil(wire, colour.to_bt709(), mask))
}

/// The filter that draws the text. Until 7, drawtext takes every colour by BT.601's matrix: only greys come out right.
fn letters(given: Given, brush: &mut Brush, colour: Rgb) -> Result<Filter, CoreError> {
    let font = brush.letters.font(given.id())?;
    let file = brush.letters.file(text::normalised(given.text("text")?)?);
    let (x, y) = place(given.text("position")?).ok_or_else(|| given.unreadable("position"))?;
    let filter = Filter::new("drawtext")
        .with("fontfile", Value::File(font))
        .with("textfile", Value::File(file))
        .with("expansion", "none")
        .with("fontsize", given.whole("font_size")?)
        .with("fontcolor", Value::Colour(colour))
        .with("x", Expr::of(x))
        .with("y", Expr::of(y));
    Ok(match opacity(given, brush)? {
        Some(opacity) => filter.with("alpha", opacity),
        None => filter,
    })
}

/// The opacity while a fade is on its way, by the piece's own frame number.
fn opacity(given: Given, brush: &Brush) -> Result<Option<Expr>, CoreError> {
    let (on, count) = (brush.on, Count::Frames(brush.on.fps));
    let (rise, fall) = (count.at(given.time("fade_in")?), count.at(given.time("fade_out")?));
    let rise = Fade { rises: true, start: -on.early - on.past, length: rise, curve: STRAIGHT };
    let fall = Fade { rises: false, start: on.lasts - fall - on.past, length: fall, curve: STRAIGHT };
    let near = |fade: &Fade| fade.length > 0 && fade.start < on.frames && 0 < fade.end();
    Ok([rise, fall].into_iter().filter(near).map(weight).reduce(|a, b| a.times(&b)))
}

fn weight(fade: Fade) -> Expr {
    if fade.rises { Expr::rising(fade.start, fade.length) } else { Expr::falling(fade.start, fade.length) }
}

/// The upper left corner of the text, by the picture's and the text's own sizes: an edge is a twentieth away.
fn place(position: &str) -> Option<(&'static str, &'static str)> {
    const MIDDLE: (&str, &str) = ("(w-text_w)/2", "(h-text_h)/2");
    const NEAR: &str = "h/20";
    const FAR: (&str, &str) = ("w-text_w-h/20", "h-text_h-h/20");
    Some(match position {
        "center" => MIDDLE,
        "top" => (MIDDLE.0, NEAR),
        "bottom" => (MIDDLE.0, FAR.1),
        "top_left" => (NEAR, NEAR),
        "top_right" => (FAR.0, NEAR),
        "bottom_left" => (NEAR, FAR.1),
        "bottom_right" => FAR,
        _ => return None,
    })
}
