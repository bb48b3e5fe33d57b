//! What the planner knows of a source: its streams and the exact time of every frame (`domain/library/media.py`).

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, de};

use crate::model::{Id, MediaKind};
use crate::time::{FLICKS_PER_SECOND, Span, Time};

/// Every source that a plan may need, by media id.
pub type Library = BTreeMap<Id, MediaFile>;

/// A positive fraction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// Above the line.
    pub num: u32,
    /// Below the line, not zero.
    #[serde(deserialize_with = "positive")]
    pub den: u32,
}

/// A file of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MediaFile {
    /// Its media id.
    pub id: Id,
    /// What it is.
    pub kind: MediaKind,
    /// Its content, in hex.
    pub sha256: String,
    /// Which demuxer reads it.
    pub demuxer: Demuxer,
    /// Whether a seek reaches the very frame.
    pub exact_seek: bool,
    /// Where its clock stands at source time 0.
    pub origin: Time,
    /// Its length; a still has none.
    pub duration: Option<Span>,
    /// Its picture.
    pub video: Option<VideoStream>,
    /// Its sound.
    pub audio: Option<AudioStream>,
}

/// The picture of a source, as stored: before rotation and pixel shape.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VideoStream {
    /// The stream's number in the file.
    pub index: u32,
    /// The codec's name.
    pub codec: String,
    /// Stored width in pixels.
    #[serde(deserialize_with = "positive")]
    pub width: u32,
    /// Stored height in pixels.
    #[serde(deserialize_with = "positive")]
    pub height: u32,
    /// A pixel's width over its height.
    pub sar: Ratio,
    /// What a player does to show it upright.
    pub rotation: Rotation,
    /// Seconds per tick.
    pub time_base: Ratio,
    /// When each frame is shown.
    pub frames: FrameTable,
    /// The pixel format's name.
    pub pix_fmt: String,
    /// The colour range's name, where the file says.
    pub color_range: Option<String>,
    /// The colour matrix's name, where the file says.
    pub color_space: Option<String>,
    /// The primaries' name, where the file says.
    pub color_primaries: Option<String>,
    /// The transfer's name, where the file says.
    pub color_transfer: Option<String>,
}

/// The sound of a source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AudioStream {
    /// The stream's number in the file.
    pub index: u32,
    /// The codec's name.
    pub codec: String,
    /// Samples a second.
    #[serde(deserialize_with = "positive")]
    pub sample_rate: u32,
    /// How many channels.
    #[serde(deserialize_with = "positive")]
    pub channels: u32,
    /// Source time of its first sample.
    pub start: Time,
    /// How long it sounds.
    pub duration: Span,
}

/// A demuxer's name: lower case letters, digits, `_` and `,`, so that it can be nothing else on a command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demuxer(String);

impl Demuxer {
    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether stamps are in whole milliseconds, each up to half of one beside the truth.
    pub fn counts_milliseconds(&self) -> bool {
        self.0.split(',').any(|name| matches!(name, "matroska" | "webm" | "flv" | "asf"))
    }
}

impl<'de> Deserialize<'de> for Demuxer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b',';
        if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
            return Err(de::Error::custom("not a demuxer's name"));
        }
        Ok(Self(name))
    }
}

/// Quarter turns clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u16")]
pub enum Rotation {
    /// As stored.
    Upright,
    /// 90 degrees clockwise.
    Right,
    /// 180 degrees.
    Over,
    /// 270 degrees clockwise.
    Left,
}

impl TryFrom<u16> for Rotation {
    type Error = &'static str;

    fn try_from(degrees: u16) -> Result<Self, Self::Error> {
        match degrees {
            0 => Ok(Self::Upright),
            90 => Ok(Self::Right),
            180 => Ok(Self::Over),
            270 => Ok(Self::Left),
            _ => Err("a rotation is 0, 90, 180 or 270"),
        }
    }
}

/// The presentation time of every frame in ticks, ascending, run-length encoded.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "StoredTable")]
pub struct FrameTable {
    /// Each run with the tick and the index of the frame before it, so that a lookup is a binary search.
    runs: Vec<Run>,
    /// Tick of the first frame.
    first: i64,
    /// How many frames there are.
    len: u64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    ticks: i64,
    count: u64,
    tick_before: i64,
    index_before: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTable {
    first: i64,
    runs: Vec<(i64, u64)>,
    last_duration: i64,
}

impl TryFrom<StoredTable> for FrameTable {
    type Error = &'static str;

    fn try_from(stored: StoredTable) -> Result<Self, Self::Error> {
        const WRONG: &str = "a frame table's runs are positive and end within 64 bits";
        let (mut tick, mut index) = (stored.first, 0_u64);
        let mut runs = Vec::with_capacity(stored.runs.len());
        for (ticks, count) in stored.runs {
            let span = i64::try_from(count).ok().and_then(|count| ticks.checked_mul(count)).ok_or(WRONG)?;
            if ticks <= 0 || count == 0 || stored.last_duration <= 0 {
                return Err(WRONG);
            }
            runs.push(Run { ticks, count, tick_before: tick, index_before: index });
            tick = tick.checked_add(span).ok_or(WRONG)?;
            index = index.checked_add(count).ok_or(WRONG)?;
        }
        Ok(Self { runs, first: stored.first, len: index + 1 })
    }
}

impl FrameTable {
    /// How many frames there are, at least one.
    pub const fn len(&self) -> u64 {
        self.len
    }

    /// Never: a table has a frame.
    pub const fn is_empty(&self) -> bool {
        false
    }

    /// The tick of the last frame that is not after `limit`; the first frame's where all are.
    pub fn tick_shown_at(&self, limit: i64) -> i64 {
        let after = self.runs.partition_point(|run| run.tick_before <= limit);
        let Some(run) = after.checked_sub(1).and_then(|at| self.runs.get(at)) else {
            return self.first;
        };
        let steps = ((limit - run.tick_before) / run.ticks).min(i64::try_from(run.count).unwrap_or(i64::MAX));
        run.tick_before + steps * run.ticks
    }

    /// The ticks from the first frame to the last.
    pub fn extent(&self) -> i64 {
        self.runs
            .last()
            .map_or(0, |run| run.tick_before + run.ticks * i64::try_from(run.count).unwrap_or(0) - self.first)
    }
}

impl VideoStream {
    /// A tick on the container's clock in flicks, a half rounding up, as FFmpeg's `settb` rounds it.
    pub fn tick_time(&self, tick: i64) -> Time {
        let den = i128::from(self.time_base.den);
        let scaled = i128::from(tick) * i128::from(self.time_base.num) * i128::from(FLICKS_PER_SECOND);
        Time(clamped((2 * scaled + den).div_euclid(2 * den)))
    }

    /// When the frame that is on screen at `moment` of the container's clock came up, on that clock: that is the last
    /// frame whose time is not after it, or the first frame.
    pub fn shown_at(&self, moment: Time) -> Time {
        let numerator = (2 * i128::from(moment.0) + 1) * i128::from(self.time_base.den) - 1;
        let denominator = 2 * i128::from(self.time_base.num) * i128::from(FLICKS_PER_SECOND);
        self.tick_time(self.frames.tick_shown_at(clamped(numerator.div_euclid(denominator))))
    }

    /// How far a stamp may be from the true time. Matroska and FLV count whole milliseconds: at 30000/1001 a frame's
    /// stamp is up to half of one late, and the frame before it would show at every third frame.
    pub fn stamp_error(&self) -> Span {
        if self.time_base == (Ratio { num: 1, den: 1000 }) { Span(FLICKS_PER_SECOND / 2000) } else { Span::ZERO }
    }

    /// Whether frames come, on average, no faster than one every `frame`.
    pub fn no_faster_than(&self, frame: Span) -> bool {
        let extent = i128::from(self.frames.extent()) * i128::from(self.time_base.num) * i128::from(FLICKS_PER_SECOND);
        let steps = i128::from(self.frames.len() - 1);
        extent >= steps * i128::from(frame.0) * i128::from(self.time_base.den)
    }
}

fn clamped(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX })
}

fn positive<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let value = u32::deserialize(deserializer)?;
    if value == 0 { Err(de::Error::custom("zero where something must be")) } else { Ok(value) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn table(first: i64, runs: &[(i64, u64)]) -> FrameTable {
        serde_json::from_value(json!({"first": first, "runs": runs, "last_duration": 1})).unwrap()
    }

    fn ticks(first: i64, runs: &[(i64, u64)]) -> Vec<i64> {
        let steps = runs.iter().flat_map(|(ticks, count)| (0..*count).map(|_| *ticks));
        let mut all = vec![first];
        for step in steps {
            all.push(all[all.len() - 1] + step);
        }
        all
    }

    #[test]
    fn a_table_that_runs_backwards_or_out_of_numbers_is_refused() {
        for runs in [json!([[0, 1]]), json!([[-1, 1]]), json!([[1, 0]]), json!([[i64::MAX, 2]])] {
            let stored = json!({"first": 0, "runs": runs, "last_duration": 1});
            assert!(serde_json::from_value::<FrameTable>(stored).is_err());
        }
    }

    #[test]
    fn a_demuxer_is_a_plain_name() {
        for bad in ["", "mov;", "-i", "MOV", "a b", "file:x"] {
            assert!(serde_json::from_value::<Demuxer>(json!(bad)).is_err(), "{bad}");
        }
        assert!(serde_json::from_value::<Demuxer>(json!("matroska,webm")).unwrap().counts_milliseconds());
    }

    proptest! {
        #[test]
        fn what_shows_is_the_last_frame_not_after(
            first in -100_i64..100,
            runs in proptest::collection::vec((1_i64..50, 1_u64..6), 0..6),
            limit in -200_i64..1500,
        ) {
            let all = ticks(first, &runs);
            let due = all.iter().rev().find(|tick| **tick <= limit).unwrap_or(&all[0]);
            prop_assert_eq!(table(first, &runs).tick_shown_at(limit), *due);
            prop_assert_eq!(table(first, &runs).len(), u64::try_from(all.len()).unwrap());
            prop_assert_eq!(table(first, &runs).extent(), all[all.len() - 1] - first);
        }
    }
}
