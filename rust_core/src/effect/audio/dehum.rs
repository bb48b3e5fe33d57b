//! Mains hum.

use super::settled;
use crate::effect::{Definition, Desk, Does, Given, Hears, Parameter, Reach, Sounding, Takes};
use crate::error::CoreError;
use crate::graph::{Filter, Sound, Wire};
use crate::model::Micro;

/// Mains hum.
pub static EFFECT: Definition = Definition {
    effect_type: "dehum",
    display_name: "Dehum",
    description: "Takes away the hum of mains and its overtones: a notch at each multiple of the frequency",
    category: "audio",
    ai_hint: "Use this against the hum of bad cables: 50 Hz in most of the world, 60 Hz in the Americas",
    parameters: &[
        Parameter::choice("mains", "Frequency of the mains in hertz", &["50", "60"]),
        Parameter::whole("overtones", "How many multiples of it are taken away, itself included", [1, 12, 6]).still(),
        Parameter::decimal("q", "How narrow each notch is", [5000, 60_000, 30_000]).still(),
    ],
    example: r#"{"mains": "50", "overtones": 4}"#,
    takes: Takes::ClipsAndFilm,
    rules: None,
    does: Does::Sound(Sounding::Filters { tune, hears: Hears::Around(ring) }),
};

fn tune(given: Given, desk: &mut Desk, wire: Wire<Sound>) -> Result<Wire<Sound>, CoreError> {
    let (count, width) = (given.whole("overtones")?, given.decimal("q")?);
    let notches = (1..=count).map(|multiple| {
        let frequency = desk.hertz(Micro(multiple * mains(given)));
        Filter::new("bandreject")
            .with("frequency", frequency)
            .with("width_type", "q")
            .with("width", width)
            .with("precision", "f64")
    });
    let notches: Vec<_> = notches.collect();
    Ok(desk.through(wire, notches))
}

/// In millionths of a hertz.
fn mains(given: Given) -> i64 {
    if given.text("mains").is_ok_and(|name| name == "60") { 60_000_000 } else { 50_000_000 }
}

fn ring(given: Given) -> Result<Reach, CoreError> {
    Ok(settled(given.decimal("q")?, Micro(mains(given))))
}
