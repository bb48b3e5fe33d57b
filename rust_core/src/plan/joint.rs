//! A transition on the grid: the frames and the samples that it takes.

use crate::effect::{Count, Fade, STRAIGHT};
use crate::error::CoreError;
use crate::time::Time;
use crate::transition::{self, Crossfade, Definition, Does, Transition};

/// The curve of a fade that is a quarter of a sine: two of them, one that rises and one that falls, have the same power
/// together at every moment.
const QUARTER_SINE: &str = "qsin";

/// What is seen of a transition: frames `[from, to)` of the film.
#[derive(Debug, Clone, Copy)]
pub struct Joint<'a> {
    /// The transition.
    pub transition: &'a Transition,
    /// What it does.
    pub definition: &'static Definition,
    /// The first frame.
    pub from: i64,
    /// The frame after the last.
    pub to: i64,
}

impl<'a> Joint<'a> {
    /// A transition around a cut; None where pictures are cut, and of one too short to be seen.
    pub fn of(transition: &'a Transition, cut: Time, count: Count) -> Result<Option<Self>, CoreError> {
        let definition = transition::find(&transition.kind)?;
        let (from, to) = span(transition, cut, count);
        let shown = !matches!(definition.does, Does::Cut) && from < to;
        Ok(shown.then_some(Self { transition, definition, from, to }))
    }

    /// How many frames it has.
    pub const fn length(&self) -> i64 {
        self.to - self.from
    }

    /// The first frame of its second half.
    pub const fn middle(&self) -> i64 {
        self.from + self.length() / 2
    }

    /// Whether only one of its clips is seen at a frame, because it is in the half of that one: the second, if so.
    pub fn half(&self, frame: i64) -> Option<bool> {
        matches!(self.definition.does, Does::Through(_)).then_some(frame >= self.middle())
    }

    /// The frames at which what it is made of may change.
    pub const fn edges(&self) -> [i64; 3] {
        [self.from, self.middle(), self.to]
    }
}

/// How a clip's sound rises, or falls, in a transition around a cut, in samples of the film; None where sounds are cut.
pub fn crossfade(transition: &Transition, cut: Time, rises: bool, count: Count) -> Option<Fade> {
    let curve = match transition.sound {
        Crossfade::EqualPower => QUARTER_SINE,
        Crossfade::EqualGain => STRAIGHT,
        Crossfade::Cut => return None,
    };
    let (start, end) = span(transition, cut, count);
    (start < end).then_some(Fade { rises, start, length: end - start, curve })
}

fn span(transition: &Transition, cut: Time, count: Count) -> (i64, i64) {
    let (start, end) = transition.around(cut);
    (count.at(start), count.at(end))
}
