//! Exact time: points, lengths and frame rates as integers.
//!
//! The unit is the flick, 1/705,600,000 s: frames at 24, 25, 30, 48, 50, 60, 90, 100, 120 and their 1000/1001 kin, and
//! samples at the usual rates up to 192 kHz, are whole numbers of it. Ranges are half-open everywhere.

use serde::{Deserialize, Serialize};

use crate::error::{Code, CoreError};

/// Flicks in one second.
pub const FLICKS_PER_SECOND: i64 = 705_600_000;

/// The furthest point a timeline may reach: 10 days. Keeps every product within `i128` and every frame index in `i64`.
pub const MAX_TIME: i64 = 10 * 86_400 * FLICKS_PER_SECOND;

/// A point on a timeline or in a source, in flicks from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub i64);

/// A length of time in flicks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Span(pub i64);

impl Time {
    /// The start of everything.
    pub const ZERO: Self = Self(0);

    /// The length from `earlier` to this point; negative when `earlier` is later.
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }

    /// The point `span` after this one.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0 + span.0)
    }
}

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);
}

/// The sample nearest to a point, a half rounding up: the one place where time becomes samples.
pub fn sample_at(time: Time, rate: u32) -> i64 {
    let scaled = 2 * i128::from(time.0) * i128::from(rate) + i128::from(FLICKS_PER_SECOND);
    i64::try_from(scaled.div_euclid(2 * i128::from(FLICKS_PER_SECOND))).unwrap_or(i64::MAX)
}

/// A frame rate as a fraction in lowest terms whose frame is a whole number of flicks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Rate {
    num: u32,
    den: u32,
}

impl Rate {
    /// A rate of `num/den` frames a second, or `rate_unsupported` where a frame is no whole number of flicks or the rate
    /// lies outside 1 to 240.
    pub fn new(num: u32, den: u32) -> Result<Self, CoreError> {
        let refuse = || {
            CoreError::new(
                Code::RateUnsupported,
                format!("{num}/{den} frames a second is not a rate a timeline can have"),
            )
            .at("fps")
        };
        let divisor = gcd(num, den);
        if divisor == 0 {
            return Err(refuse());
        }
        let rate = Self { num: num / divisor, den: den / divisor };
        let flicks = FLICKS_PER_SECOND * i64::from(rate.den);
        let in_range = rate.num >= rate.den && u64::from(rate.num) <= 240 * u64::from(rate.den);
        if !in_range || flicks % i64::from(rate.num) != 0 {
            return Err(refuse());
        }
        Ok(rate)
    }

    /// The numerator in lowest terms.
    pub const fn num(self) -> u32 {
        self.num
    }

    /// The denominator in lowest terms.
    pub const fn den(self) -> u32 {
        self.den
    }

    /// The length of one frame, exact.
    pub const fn frame(self) -> Span {
        Span(FLICKS_PER_SECOND * self.den as i64 / self.num as i64)
    }

    /// The frame boundary nearest to a point, a half rounding up: the one place where time becomes frames.
    pub const fn boundary(self, time: Time) -> i64 {
        let frame = self.frame().0;
        (2 * time.0 + frame).div_euclid(2 * frame)
    }

    /// The point at which frame `index` starts, exact.
    pub const fn start_of(self, index: i64) -> Time {
        Time(index * self.frame().0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Parts {
            num: u32,
            den: u32,
        }
        let parts = Parts::deserialize(deserializer)?;
        Self::new(parts.num, parts.den).map_err(serde::de::Error::custom)
    }
}

const fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn television_rates_are_whole_flicks() {
        for (num, den) in [(24_000, 1001), (24, 1), (25, 1), (30_000, 1001), (30, 1), (50, 1), (60_000, 1001), (60, 1)]
        {
            assert!(Rate::new(num, den).is_ok(), "{num}/{den}");
        }
    }

    #[test]
    fn a_rate_without_whole_flicks_is_refused() {
        for (num, den) in [(0, 1), (1, 0), (0, 0), (2997, 100), (241, 1), (1, 2)] {
            assert!(Rate::new(num, den).is_err(), "{num}/{den}");
        }
    }

    proptest! {
        #[test]
        fn a_boundary_is_within_half_a_frame(flicks in 0..MAX_TIME) {
            for (num, den) in [(24_000, 1001), (25, 1), (30_000, 1001), (60, 1)] {
                let rate = Rate::new(num, den).map_err(|e| TestCaseError::fail(e.to_string()))?;
                let off = rate.start_of(rate.boundary(Time(flicks))).since(Time(flicks));
                prop_assert!(2 * off.0.abs() <= rate.frame().0);
            }
        }

        #[test]
        fn parts_add_up_to_the_whole(cuts in proptest::collection::vec(0..MAX_TIME, 2..20)) {
            let mut cuts = cuts;
            cuts.sort_unstable();
            let rate = Rate::new(30_000, 1001).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let parts: i64 = cuts.windows(2).map(|w| rate.boundary(Time(w[1])) - rate.boundary(Time(w[0]))).sum();
            let whole = rate.boundary(Time(cuts[cuts.len() - 1])) - rate.boundary(Time(cuts[0]));
            prop_assert_eq!(parts, whole);
        }
    }
}
