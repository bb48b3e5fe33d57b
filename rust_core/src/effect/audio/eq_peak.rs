//! A bell around one frequency.

use super::{GAIN, Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// A bell around one frequency.
pub static EFFECT: Definition = Definition {
    effect_type: "eq_peak",
    display_name: "Peak Equaliser",
    description: "Raises or lowers the sound around a frequency by a gain, fading out to both sides (a second-order peaking filter)",
    category: "audio",
    ai_hint: "Use this to bring out or push back part of a sound; several of them are a parametric equaliser",
    parameters: &[frequency(1000), GAIN, Q],
    example: r#"{"frequency": 2000, "gain": 9, "q": 2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("equalizer", given, desk)?;
    Ok(desk.through(wire, [band.with("gain", given.decimal("gain")?)]))
}
