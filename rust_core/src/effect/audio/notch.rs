//! All but one frequency.

use super::{Q, band, frequency, ringing};
use crate::effect::{Definition, Desk, Does, Given, Hears, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Sound, Wire};

/// All but one frequency.
pub static EFFECT: Definition = Definition {
    effect_type: "notch",
    display_name: "Notch",
    description: "Takes one frequency away and leaves the rest (a second-order notch, the narrower the greater q)",
    category: "audio",
    ai_hint: "Use this against a whistle or one humming tone; dehum takes its overtones along",
    parameters: &[frequency(1000), Q],
    example: r#"{"frequency": 1000, "q": 5}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ringing) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let band = band("bandreject", given, desk)?;
    Ok(desk.through(wire, [band]))
}
