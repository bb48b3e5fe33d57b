//! One band alone.

use super::{Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// One band alone.
pub static EFFECT: Definition = Definition {
    effect_type: "bandpass",
    display_name: "Band-Pass",
    description: "Leaves what is around a frequency and takes away the rest, 6 dB an octave on each side (a second-order filter, 0 dB at the frequency itself)",
    category: "audio",
    ai_hint: "Use this for a telephone or a small radio: 1500 Hz, q 0.7",
    parameters: &[frequency(1500), Q],
    example: r#"{"frequency": 1500, "q": 2}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("bandpass", given, desk)?;
    Ok(desk.through(wire, [band]))
}
