//! All that is low.

use super::{GAIN, Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// All that is low.
pub static EFFECT: Definition = Definition {
    effect_type: "low_shelf",
    display_name: "Low Shelf",
    description: "Raises or lowers the sound below a frequency by a gain, half of it at the frequency itself (a second-order shelf)",
    category: "audio",
    ai_hint: "Use this for more or less bass",
    parameters: &[frequency(200), GAIN, Q],
    example: r#"{"frequency": 300, "gain": -12}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("lowshelf", given, desk)?;
    Ok(desk.through(wire, [band.with("gain", given.decimal("gain")?)]))
}
