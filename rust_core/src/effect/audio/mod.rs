//! What changes sound.

pub mod audio_fade_in;
pub mod audio_fade_out;
pub mod bandpass;
pub mod channel_mix;
pub mod dehum;
pub mod distortion;
pub mod eq_peak;
pub mod high_shelf;
pub mod highpass;
pub mod low_shelf;
pub mod lowpass;
pub mod notch;
pub mod phase_invert;
pub mod stereo_balance;
pub mod stereo_pan;
pub mod stereo_width;
pub mod tremolo;
pub mod volume;

use super::fade::length as lasting;
use super::{Default, Desk, Given, Kind, Parameter, Reach, SMOOTH, STRAIGHT};
use crate::error::CoreError;
use crate::graph::Filter;
use crate::model::Micro;
use crate::time::{FLICKS_PER_SECOND, Span};

/// How a fade of sound goes.
const CURVE: Parameter = Parameter::choice(
    "curve",
    "linear: k/n at sample k of n; equal_power: sin(pi/2 k/n), of two that cross the power stays; smooth: \
     (1 - cos(pi k/n))/2",
    &["linear", "equal_power", "smooth"],
);

/// `afade`'s name of a fade's curve.
fn curve(given: Given) -> Result<&'static str, CoreError> {
    Ok(match given.text("curve")? {
        "equal_power" => "qsin",
        "smooth" => SMOOTH,
        _ => STRAIGHT,
    })
}

/// A frequency of that many hertz as usual.
const fn frequency(usual: i64) -> Parameter {
    let about = "Hertz; above 0.49 of the film's sample rate it counts as that";
    Parameter::decimal("frequency", about, [20_000, 20_000_000, 1000 * usual]).still()
}

/// How much a band is raised.
const GAIN: Parameter = Parameter {
    name: "gain",
    description: "Decibels; below 0 it is lowered",
    kind: Kind::Decimal { min: Micro(-40_000_000), max: Micro(40_000_000) },
    default: Default::Required,
    keyframable: false,
};

/// How narrow a filter is.
const Q: Parameter =
    Parameter::decimal("q", "How narrow: the frequency over the width of the band at -3 dB", [100, 30_000, 707])
        .still();

/// A second-order filter of `FFmpeg`'s at an effect's frequency and q.
fn band(name: &'static str, given: Given, desk: &Desk) -> Result<Filter, CoreError> {
    let [frequency, q] = given.decimals(["frequency", "q"])?;
    let filter = Filter::new(name).with("frequency", desk.hertz(frequency));
    // in single precision a narrow filter of a low frequency hums by itself
    Ok(filter.with("width_type", "q").with("width", q).with("precision", "f64"))
}

/// How long a filter at an effect's frequency and q rings.
fn ringing(given: Given) -> Result<Reach, CoreError> {
    let [frequency, q] = given.decimals(["frequency", "q"])?;
    Ok(settled(q, frequency))
}

/// How long a filter of the second order rings, to less than a hundred millionth.
fn settled(Micro(q): Micro, Micro(frequency): Micro) -> Reach {
    // it falls by e in q / (pi f) seconds
    let before = FLICKS_PER_SECOND / 1_000_000 * (6_000_000 * q.max(500_000) / frequency);
    Reach { before: Span(before), after: Span::ZERO }
}
