//! The facts of a project: the storage format. `domain/timeline/events.py` has the same shapes; add, never edit.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::{Code, CoreError};
use crate::keyframes::Keyframes;
use crate::model::{Clip, Effect, Fit, Id, Micro, Output, Params, Source, Track, Transform, Window};
use crate::time::{Span, Time};
use crate::transition::{Align, Crossfade, Transition};
use crate::wire;

/// Marks a tag that this version does not know, on its way through serde's one error type.
const UNKNOWN_TAG: &str = "unknown fact tag";

/// Declares each payload struct, the union over them, and the table from tag to variant, so that none can be forgotten.
/// Fields after a semicolon may be absent.
macro_rules! facts {
    ($($(#[$doc:meta])* $tag:literal $name:ident { $($field:ident : $kind:ty),* $(; $($opt:ident : $opt_kind:ty),*)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
            #[serde(deny_unknown_fields)]
            #[allow(missing_docs, reason = "the model documents each field")]
            pub struct $name {
                $(pub $field: $kind,)*
                $($(
                    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
                    pub $opt: Option<$opt_kind>,
                )*)?
            }

            impl From<$name> for Fact {
                fn from(payload: $name) -> Self {
                    Self::$name(payload)
                }
            }
        )*

        /// One thing that happened to a project.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(tag = "type")]
        pub enum Fact { $($(#[$doc])* #[serde(rename = $tag)] $name($name)),* }

        impl Fact {
            /// Every tag, in the order of the declaration.
            pub const TAGS: &[&str] = &[$($tag),*];

            fn read<'de, A: MapAccess<'de>>(tag: &str, map: A) -> Result<Self, A::Error> {
                let rest = MapAccessDeserializer::new(map);
                match tag {
                    $($tag => $name::deserialize(rest).map(Self::$name),)*
                    _ => Err(A::Error::custom(format_args!("{UNKNOWN_TAG} {tag:?}"))),
                }
            }
        }
    };
}

facts! {
    /// A project began, empty.
    "project_created.1" ProjectCreated { name: String, output: Output }
    /// It has another name.
    "project_renamed.1" ProjectRenamed { name: String }
    /// It is gone from every list; its log stays.
    "project_deleted.1" ProjectDeleted {}
    /// The film's format is this.
    "output_set.1" OutputSet { output: Output }
    /// A track was put at `index` of the order, bottom first.
    "track_added.1" TrackAdded { track: Track, index: u32 }
    /// These fields of a track have these values.
    "track_changed.1" TrackChanged {
        track: Id;
        name: String, volume: Micro, muted: bool, hidden: bool, locked: bool
    }
    /// An empty track is gone: its clips were removed before.
    "track_removed.1" TrackRemoved { track: Id }
    /// The order is this, bottom first: every track once.
    "tracks_ordered.1" TracksOrdered { tracks: Vec<Id> }
    /// A clip lies on a track.
    "clip_added.1" ClipAdded { clip: Clip }
    /// These fields of a clip have these values.
    "clip_changed.1" ClipChanged {
        clip: Id;
        track: Id, source: Source, in_point: Time, out_point: Time, at: Time, volume: Micro, fade_in: Span, fade_out: Span, fit: Fit, transform: Transform, keyframes: Keyframes, group: String
    }
    /// A clip, its effects and its transitions are gone.
    "clip_removed.1" ClipRemoved { clip: Id }
    /// An effect was put at `index` of a clip's effects, first applied first.
    "effect_added.1" EffectAdded { clip: Id, effect: Effect, index: u32 }
    /// An effect of a clip has these parameters (all of them), this window or these keyframes (all of them).
    "effect_changed.1" EffectChanged {
        effect: Id;
        params: Params, window: Window, keyframes: Keyframes
    }
    /// An effect of a clip is gone.
    "effect_removed.1" EffectRemoved { effect: Id }
    /// A clip's effects apply in this order: every one once.
    "effects_ordered.1" EffectsOrdered { clip: Id, effects: Vec<Id> }
    /// A clip becomes the next one.
    "transition_added.1" TransitionAdded { transition: Transition }
    /// These fields of a transition have these values; parameters are all of them.
    "transition_changed.1" TransitionChanged {
        transition: Id;
        from: Id, transition_type: String, params: Params, duration: Span, align: Align, sound: Crossfade
    }
    /// A transition is gone: its clips meet in a cut.
    "transition_removed.1" TransitionRemoved { transition: Id }
    /// An effect on the whole film was put at `index`.
    "global_effect_added.1" GlobalEffectAdded { effect: Effect, index: u32 }
    /// An effect on the whole film has these parameters (all of them), this window or these keyframes (all of them).
    "global_effect_changed.1" GlobalEffectChanged {
        effect: Id;
        params: Params, window: Window, keyframes: Keyframes
    }
    /// An effect on the whole film is gone.
    "global_effect_removed.1" GlobalEffectRemoved { effect: Id }
    /// The effects on the whole film apply in this order: every one once.
    "global_effects_ordered.1" GlobalEffectsOrdered { effects: Vec<Id> }
    /// From here on the document is as if that edit had not happened.
    "edit_reverted.1" EditReverted { edit: Id }
    /// From here on a reverted edit counts again.
    "edit_restored.1" EditRestored { edit: Id }
    /// The project began as that one was at a version: the facts before this one say what it was.
    "forked_from.1" ForkedFrom { project: Id, version: u64 }
    /// The edits of another project up to a version were decided again here: the facts before this one followed.
    "merged_from.1" MergedFrom { project: Id, version: u64 }
}

impl Fact {
    /// Reads a stored payload: one `MessagePack` map whose first key is `type`, as both languages write it.
    ///
    /// Refuses with `unknown_fact` for a tag of another version and `malformed_fact` for anything else.
    pub fn decode(payload: &[u8]) -> Result<Self, CoreError> {
        wire::check_shape(payload)?;
        rmp_serde::from_slice(payload).map_err(|error| {
            let message = error.to_string();
            let code = if message.starts_with(UNKNOWN_TAG) { Code::UnknownFact } else { Code::MalformedFact };
            CoreError::new(code, message)
        })
    }

    /// The payload that [`Fact::decode`] reads, byte for byte the one that Python writes.
    pub fn encode(&self) -> Result<Vec<u8>, CoreError> {
        wire::pack(self)
    }
}

impl TrackChanged {
    /// Nothing changed yet.
    pub const fn of(track: Id) -> Self {
        Self { track, name: None, volume: None, muted: None, hidden: None, locked: None }
    }
}

impl ClipChanged {
    /// Nothing changed yet.
    pub const fn of(clip: Id) -> Self {
        Self {
            clip,
            track: None,
            source: None,
            in_point: None,
            out_point: None,
            at: None,
            volume: None,
            fade_in: None,
            fade_out: None,
            fit: None,
            transform: None,
            keyframes: None,
            group: None,
        }
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TagFirst;
        impl<'de> Visitor<'de> for TagFirst {
            type Value = Fact;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map whose first key is \"type\"")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fact, A::Error> {
                match map.next_entry::<&str, &str>()? {
                    Some(("type", tag)) => Fact::read(tag, map),
                    _ => Err(A::Error::custom("a fact starts with its type")),
                }
            }
        }
        deserializer.deserialize_map(TagFirst)
    }
}

/// Reads a field that may be absent but not nil: an absent one is left as it was.
fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}
