//! Sound that is driven too hard.

use crate::effect::{Definition, Desk, Does, Given, Hears, Parameter, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Sound, Wire};

/// Sound that is driven too hard.
pub static EFFECT: Definition = Definition {
    effect_type: "distortion",
    display_name: "Distortion",
    description: "Amplifies the sound and bends it to what fits: tanh(d x), d being the drive as a factor",
    category: "audio",
    ai_hint: "Use this for a small radio, or warmth at a low drive",
    parameters: &[
        Parameter::decimal("drive", "How much louder before it is bent, in decibels", [0, 40_000, 12_000]).still()
    ],
    example: r#"{"drive": 18}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Itself }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let drive = Filter::new("volume").with("volume", Expr::decibels(given.decimal("drive")?));
    Ok(desk.through(wire, [drive, Filter::new("asoftclip").with("type", "tanh")]))
}
