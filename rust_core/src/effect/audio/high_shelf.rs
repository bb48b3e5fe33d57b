//! All that is high.

use super::{GAIN, Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// All that is high.
pub static EFFECT: Definition = Definition {
    effect_type: "high_shelf",
    display_name: "High Shelf",
    description: "Raises or lowers the sound above a frequency by a gain, half of it at the frequency itself (a second-order shelf)",
    category: "audio",
    ai_hint: "Use this for more or less treble",
    parameters: &[frequency(4000), GAIN, Q],
    example: r#"{"frequency": 3000, "gain": 6}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("highshelf", given, desk)?;
    Ok(desk.through(wire, [band.with("gain", given.decimal("gain")?)]))
}
