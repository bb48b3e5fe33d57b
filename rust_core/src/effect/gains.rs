//! Gains that rest or move: how much of left and of right is heard on each side, from sample to sample.
//!
//! A way that bends is told in straight lines, at most [`NEAR`] away from it. Which lines there are depends on the keys
//! alone and not on which samples are asked for: sound that is read in parts has the same gains in all of them.

use super::desk::Desk;
use crate::error::CoreError;
use crate::graph::{Expr, Sound, Wire};
use crate::keyframes::Curve;
use crate::model::Micro;
use crate::time::{FLICKS_PER_SECOND, Time};

/// `[[left of left, left of right], [right of left, right of right]]`.
pub type Gains = [[Micro; 2]; 2];

/// The same gain on both sides.
pub const fn evenly(gain: Micro) -> Gains {
    [[gain, Micro(0)], [Micro(0), gain]]
}

/// The gains at every moment of a thing.
pub struct Course<'c> {
    curves: Vec<&'c Curve>,
    at: &'c dyn Fn(Time) -> Result<Gains, CoreError>,
    rate: u32,
}

/// Gains that go in a straight line from the first of samples `[from, to)` to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Line {
    from: i64,
    to: i64,
    first: Gains,
    last: Gains,
}

/// Millionths that a line may be away from what it stands for: 100 dB below full.
const NEAR: i64 = 10;

/// At how many places between its ends that is looked at.
const PLACES: i64 = 8;

impl<'c> Course<'c> {
    /// The gains that `at` tells, which move as `curves` do.
    pub fn of(
        curves: impl IntoIterator<Item = &'c Curve>,
        rate: u32,
        at: &'c dyn Fn(Time) -> Result<Gains, CoreError>,
    ) -> Self {
        Self { curves: curves.into_iter().collect(), at, rate }
    }

    /// Samples `[from, to)` in straight lines.
    fn lines(&self, (from, to): (i64, i64)) -> Result<Vec<Line>, CoreError> {
        let mut turns: Vec<i64> =
            self.curves.iter().flat_map(|curve| &curve.0).map(|key| self.first_from(key.t)).collect();
        turns.sort_unstable();
        turns.dedup();
        let (Some(begin), Some(end)) = (turns.first(), turns.last()) else { return self.rest((from, to)) };
        let mut lines = self.rest((from, *begin.min(&to)))?;
        for (low, high) in turns.iter().zip(turns.iter().skip(1)).filter(|(low, high)| **low < to && from < **high) {
            self.bend((*low, *high), &mut lines)?;
        }
        lines.extend(self.rest((from.max(*end), to))?);
        lines.retain(|line| line.from < to && from < line.to);
        Ok(lines)
    }

    /// One line over samples in which nothing moves.
    fn rest(&self, (from, to): (i64, i64)) -> Result<Vec<Line>, CoreError> {
        if to <= from {
            return Ok(Vec::new());
        }
        let gains = self.at(from)?;
        Ok(vec![Line { from, to, first: gains, last: gains }])
    }

    /// Lines over samples between two keys, halved until each is near enough.
    fn bend(&self, (from, to): (i64, i64), lines: &mut Vec<Line>) -> Result<(), CoreError> {
        let line = Line { from, to, first: self.at(from)?, last: self.at(to - 1)? };
        if self.is_near(&line)? {
            lines.push(line);
            return Ok(());
        }
        let middle = from + (to - from) / 2;
        self.bend((from, middle), lines)?;
        self.bend((middle, to), lines)
    }

    fn is_near(&self, line: &Line) -> Result<bool, CoreError> {
        let last = line.to - 1 - line.from;
        for place in 1..PLACES {
            let sample = last * place / PLACES;
            let (due, told) = (self.at(line.from + sample)?, line.at(sample, last));
            if due.iter().flatten().zip(told.iter().flatten()).any(|(due, told)| (due.0 - told).abs() > NEAR) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn at(&self, sample: i64) -> Result<Gains, CoreError> {
        (self.at)(Time(sample * self.flicks()))
    }

    /// The first sample that is not before a moment.
    const fn first_from(&self, t: Time) -> i64 {
        (t.0 + self.flicks() - 1).div_euclid(self.flicks())
    }

    const fn flicks(&self) -> i64 {
        FLICKS_PER_SECOND / self.rate as i64
    }
}

impl Line {
    fn at(&self, sample: i64, last: i64) -> [[i64; 2]; 2] {
        let mut told = [[0; 2]; 2];
        for ((told, first), last_gain) in
            told.iter_mut().flatten().zip(self.first.iter().flatten()).zip(self.last.iter().flatten())
        {
            *told = first.0 + (last_gain.0 - first.0) * sample / last.max(1);
        }
        told
    }

    /// What is heard on side `side` as a formula of `n`, which is 0 at sample `zero`.
    fn side(&self, side: usize, zero: i64) -> Expr {
        let ends = |gains: &Gains| gains.get(side).copied().unwrap_or([Micro(0); 2]);
        Expr::line([ends(&self.first), ends(&self.last)], self.from - zero, self.to - self.from)
    }

    fn rests(&self) -> bool {
        self.first == self.last
    }
}

impl Desk<'_> {
    /// The wire with gains that rest or move.
    pub fn gains(&mut self, wire: Wire<Sound>, course: &Course) -> Result<Wire<Sound>, CoreError> {
        let lines = course.lines((self.from, self.from + self.length))?;
        if let [only] = lines.as_slice()
            && only.rests()
        {
            return Ok(self.matrix(wire, only.first));
        }
        let sides = [0, 1].map(|side| {
            let told: Vec<_> = lines.iter().map(|line| (line.from - self.from, line.side(side, self.from))).collect();
            Expr::chosen(&told)
        });
        Ok(self.evaluated(wire, sides))
    }
}
