//! The document: what a project is at one version. Plain values; the rules live in `fold`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::keyframes::Keyframes;
use crate::time::{Rate, Span, Time};

/// A fraction or a gain in millionths: 1.0 is 1,000,000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micro(pub i64);

impl Micro {
    /// One whole.
    pub const ONE: Self = Self(1_000_000);

    const fn none() -> Self {
        Self(0)
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_none(&self) -> bool {
        self.0 == 0
    }

    const fn whole() -> Self {
        Self::ONE
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    const fn is_whole(&self) -> bool {
        self.0 == Self::ONE.0
    }

    /// The even number nearest to this part of `whole`: where chroma is half as wide, a place on a picture is even.
    pub fn even_part_of(self, whole: i64) -> i64 {
        let near = (i128::from(self.0) * i128::from(whole) + 1_000_000).div_euclid(2_000_000);
        i64::try_from(2 * near).unwrap_or(i64::MAX)
    }
}

/// An id of a track, clip, effect, media file or edit: `[A-Za-z0-9_-]{1,64}`.
pub type Id = Arc<str>;

/// The picture and sound format of the finished film.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// Picture width in pixels, even.
    pub width: u32,
    /// Picture height in pixels, even.
    pub height: u32,
    /// Frames a second.
    pub fps: Rate,
    /// Samples a second.
    pub sample_rate: u32,
    /// What shows where no clip does, `#rrggbb`.
    pub background: String,
}

/// What a track carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrackKind {
    /// Picture, and the sound of its clips.
    Video,
    /// Sound only.
    Audio,
}

/// A track. Tracks are ordered bottom to top: a later one covers an earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Track {
    /// Its id, unique among the project's tracks, clips and effects.
    pub id: Id,
    /// What it carries.
    pub kind: TrackKind,
    /// A label for people.
    pub name: String,
    /// Gain on all of its sound.
    pub volume: Micro,
    /// Not heard.
    pub muted: bool,
    /// Not seen.
    pub hidden: bool,
    /// Its clips may not change.
    pub locked: bool,
}

/// What kind of media a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Moving pictures, perhaps with sound.
    Video,
    /// Sound only.
    Audio,
    /// One still picture, as long as it is asked to be.
    Image,
}

/// The part of a media file's description on which a clip's rules rest, as it was when the clip was made.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The media id in the library.
    pub media: Id,
    /// What it is.
    pub kind: MediaKind,
    /// Its length; a still has none.
    #[serde(deserialize_with = "nullable")]
    pub duration: Option<Span>,
    /// Whether it has sound.
    pub sound: bool,
}

/// How a picture of another shape meets its rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// All of it shows, the rest of the rectangle stays empty.
    Contain,
    /// The rectangle is full, the overhang is cropped evenly.
    Cover,
    /// Stretched to the rectangle.
    Stretch,
}

/// The rectangle of the canvas that a clip fills, as fractions of the canvas, and how it lies there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    /// Left edge.
    pub x: Micro,
    /// Top edge.
    pub y: Micro,
    /// Width.
    pub width: Micro,
    /// Height.
    pub height: Micro,
    /// Degrees in millionths, clockwise around the rectangle's middle.
    #[serde(default = "Micro::none", skip_serializing_if = "Micro::is_none")]
    pub rotation: Micro,
    /// How much of the picture is there: 0 is nothing, 1 all of it.
    #[serde(default = "Micro::whole", skip_serializing_if = "Micro::is_whole")]
    pub opacity: Micro,
}

/// Reads a field that may be nil but not absent: both languages refuse a payload that lacks it.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

impl Transform {
    /// The whole canvas.
    pub const FULL: Self = Self {
        x: Micro(0),
        y: Micro(0),
        width: Micro::ONE,
        height: Micro::ONE,
        rotation: Micro(0),
        opacity: Micro::ONE,
    };
}

/// Part of a source, placed on a track. It covers `[at, at + (out_point - in_point))` of the timeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clip {
    /// Its id.
    pub id: Id,
    /// The track it lies on.
    pub track: Id,
    /// What it shows.
    pub source: Source,
    /// First moment of the source that is used.
    pub in_point: Time,
    /// First moment of the source that is not used any more.
    pub out_point: Time,
    /// Where on the timeline it starts.
    pub at: Time,
    /// Gain on its sound.
    pub volume: Micro,
    /// Picture and sound rise from nothing over this length at its start.
    pub fade_in: Span,
    /// Picture and sound fall to nothing over this length at its end.
    pub fade_out: Span,
    /// How its picture meets its rectangle.
    pub fit: Fit,
    /// Its rectangle.
    pub transform: Transform,
    /// What moves of its rectangle and its volume, from the start on; where one moves, its own value does not count.
    #[serde(default, skip_serializing_if = "Keyframes::is_empty")]
    pub keyframes: Keyframes,
    /// The group with which it moves along the timeline; empty where it moves alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
}

impl Window {
    /// From the start to the end.
    pub const WHOLE: Self = Self { start: Time::ZERO, duration: None };
}

impl Clip {
    /// How long it lasts on the timeline.
    pub const fn length(&self) -> Span {
        self.out_point.since(self.in_point)
    }

    /// The first moment after it.
    pub const fn end(&self) -> Time {
        self.at.plus(self.length())
    }
}

/// A parameter's value, already in the core's units: times in flicks, decimals in millionths.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// A whole number, a time in flicks or a decimal in millionths, as the effect's definition says.
    Int(i64),
    /// Text, a name from a list, or a colour.
    Text(String),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyValue;
        impl Visitor<'_> for AnyValue {
            type Value = Value;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a bool, a whole number or text")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Int(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
                i64::try_from(value).map(Value::Int).map_err(E::custom)
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::Text(value.to_owned()))
            }

            fn visit_string<E>(self, value: String) -> Result<Value, E> {
                Ok(Value::Text(value))
            }
        }
        deserializer.deserialize_any(AnyValue)
    }
}

/// A parameter list: every parameter of a definition by name, sorted, so that its bytes are canonical.
pub type Params = BTreeMap<String, Value>;

/// When an effect works, relative to the start of its clip (or of the timeline, for a global one).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// From when on.
    pub start: Time,
    /// For how long; without it, to the end.
    #[serde(deserialize_with = "nullable")]
    pub duration: Option<Span>,
}

/// An effect on a clip or on the whole film.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// Its id.
    pub id: Id,
    /// The definition's name, such as `text_overlay`.
    #[serde(rename = "effect_type")]
    pub kind: String,
    /// Every parameter of the definition, defaults filled in.
    pub params: Params,
    /// When it works.
    pub window: Window,
    /// What moves of it, from its start on; where a parameter moves, its value in `params` does not count.
    #[serde(default, skip_serializing_if = "Keyframes::is_empty")]
    pub keyframes: Keyframes,
}
