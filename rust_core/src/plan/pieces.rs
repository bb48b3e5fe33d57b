//! Stretches cut into pieces, each one unit. A cut depends only on the stretch that it is in, counted from its start:
//! whatever is put in front of it leaves its pieces as they were.

use crate::plan::layers::Stretch;
use crate::plan::picture::Piece;
use crate::time::{FLICKS_PER_SECOND, Rate, Time};

/// How long a piece is, in seconds.
const PIECE: i64 = 4;

/// A rest shorter than this stays with the piece before it, in seconds.
const REST: i64 = 1;

/// The pieces of a stretch, in order.
pub fn pieces<'s, 'g, 'a>(stretch: &'s Stretch<'g, 'a>, fps: Rate) -> Vec<Piece<'s, 'g, 'a>> {
    let seconds = |count: i64| fps.boundary(Time(count * FLICKS_PER_SECOND));
    let (length, rest) = (seconds(PIECE), seconds(REST));
    let mut pieces = Vec::new();
    let mut from = stretch.from;
    while from < stretch.to {
        let next = from + length;
        let to = if stretch.to - next < rest { stretch.to } else { next };
        pieces.push(Piece { stretch, from, to });
        from = to;
    }
    pieces
}
