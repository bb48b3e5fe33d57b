//! Sound that swells and ebbs.

use crate::effect::{Definition, Desk, Does, Given, Hears, Parameter, Reach, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Sound, Wire};

/// Sound that swells and ebbs.
pub static EFFECT: Definition = Definition {
    effect_type: "tremolo",
    display_name: "Tremolo",
    description: "Multiplies the sound by 1 - d (1 - cos(2 pi f t)) / 2, t being the time since the clip began: full at first, 1 - d half a period later",
    category: "audio",
    ai_hint: "Use this for a pulsing sound",
    parameters: &[
        Parameter::decimal("frequency", "Swells a second", [100, 20_000, 5000]).still(),
        Parameter::decimal("depth", "How much is missing between them", [0, 1000, 500]).still(),
    ],
    example: r#"{"frequency": 4, "depth": 0.7}"#,
    takes: Takes::Clips,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::All(Reach::back(0)) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let [frequency, depth] = given.decimals(["frequency", "depth"])?;
    let wave = Expr::formula("1-{}*(1-cos(2*PI*{}*t))/2", &[depth, frequency]);
    Ok(desk.multiplied(wire, &wave))
}
