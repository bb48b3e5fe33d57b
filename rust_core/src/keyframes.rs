//! Values that move: keys in time and what lies between two of them, in whole numbers and in one place for everything
//! that can move.
//!
//! A value is its first key's before that key, its last key's from that key on, and between two keys it goes from one to
//! the other by the easing of the first. The easings are those of CSS (Easing Functions Level 1): `ease_in` and its kin
//! are cubic Béziers like any other. How far the way has come is kept to 2^-40, a value to the nearest millionth, a half
//! upwards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::{Code, CoreError};
use crate::limits::out_of_range;
use crate::model::Micro;
use crate::time::{MAX_TIME, Rate, Time};

/// Most keys of one value.
pub const KEYS: usize = 1000;

/// Values by the names of what they move.
pub type Keyframes = BTreeMap<String, Curve>;

/// A value at a moment, and how it goes on from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// When, from the start of what it is on; before it after a cut.
    pub t: Time,
    /// What it is then.
    pub value: Micro,
    /// The way to the next key.
    pub easing: Easing,
}

/// The way from one key to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Easing {
    /// By a name.
    Named(Name),
    /// By a cubic Bézier.
    Bezier(Bezier),
}

/// A cubic Bézier from (0, 0) to (1, 1): how much of the way is gone (y) when how much of the time is (x). Its control points
/// are from 0 to 1, so that what lies between two keys stays between their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bezier {
    /// Time of the first control point.
    pub x1: Micro,
    /// Way of the first control point.
    pub y1: Micro,
    /// Time of the second.
    pub x2: Micro,
    /// Way of the second.
    pub y2: Micro,
}

/// The names of easings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Name {
    /// Nothing changes until the next key.
    Hold,
    /// Evenly.
    Linear,
    /// Slowly at first.
    EaseIn,
    /// Slowly at last.
    EaseOut,
    /// Slowly at first and at last.
    EaseInOut,
}

/// A value that moves: its keys in order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Curve(pub Vec<Key>);

/// A run of frames `[from, to)` in which values rest, or do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The first frame.
    pub from: i64,
    /// The frame after the last.
    pub to: i64,
    /// Whether a value moves in it.
    pub moves: bool,
}

impl Curve {
    /// Refuses no keys at all, too many, two of one moment, and control points that lead out of the way.
    pub fn check(&self, path: &str) -> Result<(), CoreError> {
        if self.0.is_empty() {
            return Err(out_of_range(path, "a value that moves has a key or more"));
        }
        if self.0.len() > KEYS {
            return Err(CoreError::new(Code::LimitExceeded, format!("at most {KEYS} keys of one value")).at(path));
        }
        let mut last = None;
        for (index, key) in self.0.iter().enumerate() {
            if !(-MAX_TIME..=MAX_TIME).contains(&key.t.0) || last.is_some_and(|last| key.t <= last) {
                let message = "keys come in the order of their times, no two at once";
                return Err(out_of_range(&format!("{path}[{index}].t"), message));
            }
            last = Some(key.t);
            if !key.easing.stays_between() {
                let message = "control values are from 0 to 1, so that the value stays between those of the keys";
                return Err(out_of_range(&format!("{path}[{index}].easing"), message));
            }
        }
        Ok(())
    }

    /// The value at a moment.
    pub fn at(&self, t: Time) -> Micro {
        let next = self.0.partition_point(|key| key.t <= t);
        let (before, after) = (next.checked_sub(1).and_then(|last| self.0.get(last)), self.0.get(next));
        match (before, after) {
            (Some(before), Some(after)) => before.toward(after, t),
            (Some(only), None) | (None, Some(only)) => only.value,
            (None, None) => Micro(0), // `check` refuses a curve without keys
        }
    }

    /// The least and the most that it ever is: what lies between two keys is between their values.
    pub fn ends(&self) -> [Micro; 2] {
        let values = || self.0.iter().map(|key| key.value);
        [values().min().unwrap_or(Micro(0)), values().max().unwrap_or(Micro(0))]
    }

    /// The times from which on it moves, or rests, until the next of them.
    fn turns(&self) -> impl Iterator<Item = (Time, bool)> {
        let next = self.0.iter().skip(1).map(Some).chain([None]);
        self.0.iter().zip(next).map(|(key, next)| {
            let moves = next.is_some_and(|next| next.value != key.value && key.easing != Easing::Named(Name::Hold));
            (key.t, moves)
        })
    }
}

impl Key {
    /// The value at `t`, on the way from this key to the next.
    fn toward(&self, next: &Self, t: Time) -> Micro {
        let part = ratio(t.0 - self.t.0, next.t.0 - self.t.0);
        let way = i128::from(next.value.0) - i128::from(self.value.0);
        let gone = 2 * way * self.easing.gone(part) + WHOLE;
        Micro(self.value.0.saturating_add(narrow(gone.div_euclid(2 * WHOLE))))
    }
}

/// One whole, where parts are counted.
const WHOLE: i128 = 1 << 40;

impl Easing {
    fn stays_between(self) -> bool {
        let part = |value: Micro| (Micro(0)..=Micro::ONE).contains(&value);
        match self {
            Self::Named(_) => true,
            Self::Bezier(Bezier { x1, y1, x2, y2 }) => [x1, y1, x2, y2].into_iter().all(part),
        }
    }

    /// How much of the way is gone when `part` of the time is.
    fn gone(self, part: i128) -> i128 {
        match self {
            Self::Named(Name::Hold) => 0,
            Self::Named(Name::Linear) => part,
            Self::Named(Name::EaseIn) => Bezier::of([420_000, 0, 1_000_000, 1_000_000]).height(part),
            Self::Named(Name::EaseOut) => Bezier::of([0, 0, 580_000, 1_000_000]).height(part),
            Self::Named(Name::EaseInOut) => Bezier::of([420_000, 0, 580_000, 1_000_000]).height(part),
            Self::Bezier(bezier) => bezier.height(part),
        }
    }
}

impl Bezier {
    const fn of([x1, y1, x2, y2]: [i64; 4]) -> Self {
        Self { x1: Micro(x1), y1: Micro(y1), x2: Micro(x2), y2: Micro(y2) }
    }

    /// How much of the way is gone when `part` of the time is: by the first of its counted points that is as late.
    fn height(self, part: i128) -> i128 {
        let (mut low, mut high) = (0, POINTS);
        while low < high {
            let middle = low + (high - low) / 2;
            if along(self.x1, self.x2, middle) < part {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        along(self.y1, self.y2, low)
    }
}

/// How many points of a Bézier are counted.
const POINTS: i128 = 1 << 30;

/// A coordinate of a Bézier's point number `point`, to the nearest: 3(1-s)²s·a + 3(1-s)s²·b + s³ with a and b in millionths.
fn along(Micro(a): Micro, Micro(b): Micro, point: i128) -> i128 {
    let (a, b) = (i128::from(a), i128::from(b));
    let left = POINTS - point;
    let sum = 3 * left * point * (left * a + point * b) + 1_000_000 * point * point * point;
    let scale = 1_000_000 * (POINTS * POINTS * POINTS / WHOLE);
    (2 * sum + scale).div_euclid(2 * scale)
}

fn ratio(part: i64, whole: i64) -> i128 {
    (2 * i128::from(part) * WHOLE + i128::from(whole)).div_euclid(2 * i128::from(whole))
}

fn narrow(number: i128) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Frames `[begin, end)` as runs in which every one of `curves` rests and those in which one moves. Frame k is at the time at
/// which it starts. A rest of less than a second is part of the movement beside it: a piece of film is not worth it.
pub fn runs<'c>(curves: impl IntoIterator<Item = &'c Curve>, fps: Rate, (begin, end): (i64, i64)) -> Vec<Run> {
    let second = fps.boundary(Time(crate::time::FLICKS_PER_SECOND));
    let curves: Vec<Vec<(i64, bool)>> =
        curves.into_iter().map(|curve| curve.turns().map(|(t, moves)| (first_from(t, fps), moves)).collect()).collect();
    let mut edges: Vec<i64> = curves.iter().flatten().map(|(frame, _)| *frame).collect();
    edges.extend([begin, end]);
    edges.retain(|edge| (begin..=end).contains(edge));
    edges.sort_unstable();
    edges.dedup();
    let parted = edges.len() > 2;
    let mut runs: Vec<Run> = Vec::new();
    for (from, to) in edges.iter().copied().zip(edges.iter().copied().skip(1)) {
        let moving = |turns: &Vec<(i64, bool)>| {
            let next = turns.partition_point(|(frame, _)| *frame <= from);
            next.checked_sub(1).and_then(|last| turns.get(last)).is_some_and(|(_, moves)| *moves)
        };
        let moves = (parted && to - from < second) || curves.iter().any(moving);
        match runs.last_mut() {
            Some(last) if last.moves && moves => last.to = to,
            _ => runs.push(Run { from, to, moves }),
        }
    }
    runs
}

/// The first frame that does not start before a moment.
const fn first_from(t: Time, fps: Rate) -> i64 {
    let frame = fps.frame().0;
    (t.0 + frame - 1).div_euclid(frame)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn curve(keys: &[(i64, i64, Easing)]) -> Curve {
        Curve(keys.iter().map(|&(t, value, easing)| Key { t: Time(t), value: Micro(value), easing }).collect())
    }

    const EASINGS: [Easing; 6] = [
        Easing::Named(Name::Hold),
        Easing::Named(Name::Linear),
        Easing::Named(Name::EaseIn),
        Easing::Named(Name::EaseOut),
        Easing::Named(Name::EaseInOut),
        Easing::Bezier(Bezier::of([0, 1_000_000, 1_000_000, 0])),
    ];

    #[test]
    fn a_value_rests_before_its_first_key_and_after_its_last() {
        for easing in EASINGS {
            let value = curve(&[(100, 5, easing), (200, 9_000_000, easing)]);
            assert_eq!([0, 100, 200, 300].map(|t| value.at(Time(t)).0), [5, 5, 9_000_000, 9_000_000]);
        }
    }

    #[test]
    fn halfway_is_half_upwards() {
        let value = |easing| curve(&[(0, 0, easing), (2, 1, easing)]).at(Time(1)).0;
        assert_eq!([0, 1, 4, 5].map(|easing: usize| value(EASINGS[easing])), [0, 1, 1, 1]);
    }

    #[test]
    fn ease_in_is_the_one_of_css() {
        // the curve's point at s = 1/2: x = 3/8·0.42 + 3/8 + 1/8, y = 3/8 + 1/8
        let value = curve(&[(0, 0, Easing::Named(Name::EaseIn)), (1_000_000, 1_000_000, EASINGS[1])]);
        assert_eq!(value.at(Time(657_500)).0, 500_000);
        let value = curve(&[(0, 0, Easing::Named(Name::EaseOut)), (1_000_000, 1_000_000, EASINGS[1])]);
        assert_eq!(value.at(Time(342_500)).0, 500_000);
    }

    #[test]
    fn rests_of_a_second_or_more_are_runs_of_their_own() {
        let fps = Rate::new(10, 1).unwrap();
        let linear = Easing::Named(Name::Linear);
        let second = crate::time::FLICKS_PER_SECOND;
        let value = curve(&[(2 * second, 0, linear), (3 * second + 1, 8, linear), (3 * second + 2, 8, linear)]);
        let run = |from, to, moves| Run { from, to, moves };
        assert_eq!(runs([&value], fps, (0, 50)), [run(0, 20, false), run(20, 31, true), run(31, 50, false)]);
        assert_eq!(runs([&value], fps, (0, 35)), [run(0, 20, false), run(20, 35, true)]);
        assert_eq!(runs([&value], fps, (0, 8)), [run(0, 8, false)]);
    }

    proptest! {
        #[test]
        fn what_lies_between_two_keys_is_between_their_values(
            from in -500_000_000_i64..500_000_000, to in -500_000_000_i64..500_000_000, t in 0..MAX_TIME,
            points in proptest::array::uniform4(0_i64..=1_000_000),
        ) {
            let value = curve(&[(0, from, Easing::Bezier(Bezier::of(points))), (MAX_TIME, to, EASINGS[0])]).at(Time(t)).0;
            prop_assert!((from.min(to)..=from.max(to)).contains(&value));
        }

        #[test]
        fn a_straight_bezier_is_linear(t in 0..1_000_000_i64) {
            let third = Easing::Bezier(Bezier::of([300_000, 300_000, 700_000, 700_000]));
            let [straight, linear] = [third, EASINGS[1]].map(|easing| curve(&[(0, 0, easing), (1_000_000, 1_000_000, easing)]));
            prop_assert!((straight.at(Time(t)).0 - linear.at(Time(t)).0).abs() <= 1);
        }
    }
}
