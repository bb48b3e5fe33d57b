//! Fades of picture and sound, on a clip or on the whole film.

pub mod fade_in;
pub mod fade_out;

use super::{Default, Kind, Parameter};
use crate::time::{FLICKS_PER_SECOND, Span};

/// The curve of a fade that is a straight line.
pub const STRAIGHT: &str = "tri";

/// The curve of half a cosine, which bends at neither end: `(1 - cos(pi k/n)) / 2`.
pub const SMOOTH: &str = "hsin";

/// How long a fade takes: a thousandth of a second at least, an hour at most.
pub(super) const fn length(description: &'static str) -> Parameter {
    let kind = Kind::Seconds { min: Span(FLICKS_PER_SECOND / 1000), max: Span(3600 * FLICKS_PER_SECOND) };
    Parameter { name: "duration", description, kind, default: Default::Int(FLICKS_PER_SECOND), keyframable: false }
}
