//! What effects do, told in the frames or samples of the thing that they are on.

use std::borrow::Cow;

use super::brush::Brush;
use super::desk::{Heard, Sounding};
use super::find;
use super::given::Given;
use super::moving;
use crate::error::CoreError;
use crate::graph::{Picture, Wire};
use crate::keyframes::{Run, runs};
use crate::model::Effect as Instance;
use crate::time::{Rate, Span, Time, sample_at};

/// What a kind of effect does.
#[derive(Debug)]
pub enum Does {
    /// It changes the picture while its window lasts, each frame by itself.
    Picture(Painting),
    /// Picture and sound come or go.
    Fade(fn(Given, Count, i64) -> Result<Fade, CoreError>),
    /// The sound alone comes or goes.
    SoundFade(fn(Given, Count, i64) -> Result<Fade, CoreError>),
    /// It changes the sound while its window lasts.
    Sound(Sounding),
}

/// How a picture is changed.
#[derive(Debug)]
pub struct Painting {
    /// The filters, from parameters and what they are on.
    pub paint: Paint,
    /// Whether what lies beneath may show through afterwards.
    pub opens: bool,
    /// Whether it, and every effect after it, works on all of the clip's rectangle and not on the clip's picture alone.
    pub reaches_out: bool,
    /// How many pixels beyond the picture it draws, on every side; even, and the same whatever moves.
    pub room: Option<fn(Given) -> Result<i64, CoreError>>,
}

/// A picture with an effect on it.
pub type Paint = fn(Given, &mut Brush, Wire<Picture>) -> Result<Wire<Picture>, CoreError>;

impl Does {
    /// It changes a picture that stays whole.
    pub const fn paints(paint: Paint) -> Self {
        Self::Picture(Painting { paint, opens: false, reaches_out: false, room: None })
    }

    /// It takes parts of the picture away.
    pub const fn opens(paint: Paint) -> Self {
        Self::Picture(Painting { paint, opens: true, reaches_out: false, room: None })
    }

    /// It draws around the picture, as far as `room` says.
    pub const fn beyond(paint: Paint, room: fn(Given) -> Result<i64, CoreError>) -> Self {
        Self::Picture(Painting { paint, opens: true, reaches_out: false, room: Some(room) })
    }

    /// It draws beyond the picture.
    pub const fn reaches_out(paint: Paint) -> Self {
        Self::Picture(Painting { paint, opens: false, reaches_out: true, room: None })
    }
}

/// How the times of a thing become its counts: frames for what is seen, samples for what is heard.
#[derive(Debug, Clone, Copy)]
pub enum Count {
    /// Frames of the output.
    Frames(Rate),
    /// Samples of the output.
    Samples(u32),
}

impl Count {
    /// The boundary nearest to a point.
    pub fn at(self, time: Time) -> i64 {
        match self {
            Self::Frames(rate) => rate.boundary(time),
            Self::Samples(rate) => sample_at(time, rate),
        }
    }

    /// How many a length is.
    pub fn of(self, length: Span) -> i64 {
        self.at(Time(length.0))
    }
}

/// A rise from nothing or a fall to nothing over `length` frames (or samples) from `start` on. A straight fade of n frames
/// shows k/n at its frame k when it rises, and what is left of 1 when it falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fade {
    /// Whether it rises.
    pub rises: bool,
    /// Where it begins, in the count of what it works on.
    pub start: i64,
    /// How long it takes, at least 1.
    pub length: i64,
    /// The curve of `afade` that it follows; a picture's fade is straight (`tri`).
    pub curve: &'static str,
}

impl Fade {
    /// The first moment after it.
    pub const fn end(&self) -> i64 {
        self.start + self.length
    }

    /// Whether nothing shows at `moment`: before a rise and after a fall.
    pub const fn hides(&self, moment: i64) -> bool {
        if self.rises { moment < self.start } else { moment >= self.end() }
    }

    /// Whether it is on its way at `moment`.
    pub const fn works(&self, moment: i64) -> bool {
        self.start <= moment && moment < self.end()
    }
}

/// A change of the picture on frames `[from, to)`.
#[derive(Debug, Clone, Copy)]
pub struct Painted<'a> {
    /// The effect that it is.
    pub effect: &'a Instance,
    /// How.
    pub painting: &'static Painting,
    /// The effect's first frame.
    pub from: i64,
    /// The frame after the effect's last.
    pub to: i64,
    /// How many frames before its first it works too: a transition shows more of its clip.
    pub early: i64,
    /// The frames of these in which this is how.
    pub run: Run,
}

impl<'a> Painted<'a> {
    /// Whether it works at `frame`.
    pub const fn works(&self, frame: i64) -> bool {
        self.run.from <= frame && frame < self.run.to
    }

    /// The effect as it is at `frame`.
    pub fn at(&self, frame: i64, fps: Rate) -> Cow<'a, Instance> {
        moving::at(self.effect, fps.start_of(frame - self.from))
    }

    /// The change on a thing of `whole` frames of which `early` more are shown before it and `late` more after it: what
    /// works from its first frame on or to its last works on those too.
    #[must_use]
    pub const fn reaching(self, whole: i64, (early, late): (i64, i64)) -> Self {
        let early = if self.from == 0 { early } else { 0 };
        let late = if self.to == whole { late } else { 0 };
        Self { early, to: self.to + late, ..self }
    }

    /// The runs of frames over which it rests or moves, as changes of their own, `later` frames later.
    pub fn runs(self, fps: Rate, later: i64) -> impl Iterator<Item = Self> {
        let runs = runs(self.effect.keyframes.values(), fps, (-self.early, self.to - self.from));
        let (from, to) = (self.from + later, self.to + later);
        runs.into_iter().map(move |run| {
            let run = Run { from: from + run.from, to: from + run.to, ..run };
            Self { from, to, run, ..self }
        })
    }
}

/// What an effect does.
#[derive(Debug, Clone, Copy)]
pub enum Work<'a> {
    /// Picture and sound come or go.
    Fade(Fade),
    /// The picture changes.
    Picture(Painted<'a>),
    /// The sound comes or goes.
    SoundFade(Fade),
    /// The sound changes.
    Sound(Heard<'a>),
}

impl<'a> Work<'a> {
    /// The work of `effect` on a thing that lasts `whole` frames or samples, counted from its start.
    pub fn of(effect: &'a Instance, count: Count, whole: i64) -> Result<Self, CoreError> {
        let given = Given(effect);
        let (from, to) = span(effect, count, whole);
        Ok(match &find(&effect.kind)?.does {
            Does::Fade(fade) => Self::Fade(fade(given, count, whole)?),
            Does::SoundFade(fade) => Self::SoundFade(fade(given, count, whole)?),
            Does::Sound(sounding) => Self::Sound(Heard::of(effect, sounding, (from, to), whole)?),
            Does::Picture(painting) => {
                let run = Run { from, to, moves: false };
                Self::Picture(Painted { effect, painting, from, to, early: 0, run })
            }
        })
    }
}

/// Whether an effect lets picture and sound come (true), or go (false); None of one that does neither.
pub fn rises(effect: &Instance) -> Option<bool> {
    match Work::of(effect, Count::Samples(1), 0) {
        Ok(Work::Fade(fade)) => Some(fade.rises),
        _ => None,
    }
}

/// The frames of an effect's window within `whole`.
fn span(effect: &Instance, count: Count, whole: i64) -> (i64, i64) {
    let start = effect.window.start;
    let end = effect.window.duration.map_or(whole, |duration| count.at(start.plus(duration)));
    (count.at(start), end.min(whole))
}
