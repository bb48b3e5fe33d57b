//! Nothing high.

use super::{Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// Nothing high.
pub static EFFECT: Definition = Definition {
    effect_type: "lowpass",
    display_name: "Low-Pass",
    description: "Takes away what is above a frequency, 12 dB an octave (a second-order filter; at the usual q it leaves 3 dB less at the frequency itself)",
    category: "audio",
    ai_hint: "Use this to muffle a sound, as if behind a wall",
    parameters: &[frequency(8000), Q],
    example: r#"{"frequency": 1000}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("lowpass", given, desk)?;
    Ok(desk.through(wire, [band]))
}
