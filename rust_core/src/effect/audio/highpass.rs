//! Nothing low.

use super::{Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// Nothing low.
pub static EFFECT: Definition = Definition {
    effect_type: "highpass",
    display_name: "High-Pass",
    description: "Takes away what is below a frequency, 12 dB an octave (a second-order filter; at the usual q it leaves 3 dB less at the frequency itself)",
    category: "audio",
    ai_hint: "Use this against rumble, wind and handling noise under a voice: 80 Hz",
    parameters: &[frequency(80), Q],
    example: r#"{"frequency": 500}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("highpass", given, desk)?;
    Ok(desk.through(wire, [band]))
}
