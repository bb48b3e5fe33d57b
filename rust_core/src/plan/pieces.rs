//! Stretches cut into pieces, each one unit. A cut depends only on the stretch that it is in, counted from its start:
//! whatever is put in front of it leaves its pieces as they were.

use crate::plan::layers::Stretch;
use crate::plan::picture::Piece;
use crate::time::{FLICKS_PER_SECOND, Rate, Time};

/// How long a piece is, in seconds.
const PIECE: i64 = 4;

/// The same where a value moves: every frame is a branch of the graph there.
const MOVING: i64 = 1;

/// A rest shorter than this part of a piece stays with the piece before it.
const REST: i64 = 4;

/// The pieces of a stretch, in order.
pub fn pieces<'s, 'g, 'a>(stretch: &'s Stretch<'g, 'a>, fps: Rate) -> Vec<Piece<'s, 'g, 'a>> {
    let seconds = if stretch.moves() { MOVING } else { PIECE };
    let length = fps.boundary(Time(seconds * FLICKS_PER_SECOND));
    let rest = length / REST;
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
