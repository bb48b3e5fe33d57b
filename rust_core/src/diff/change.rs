//! What differs between two things of one id, as the fact that says so.

use crate::fact::{ClipChanged, TrackChanged};
use crate::model::{Clip, Track};

/// The changed fields of a track but its lock.
pub(super) fn track(from: &Track, to: &Track) -> Option<TrackChanged> {
    let change = TrackChanged {
        track: to.id.clone(),
        name: differing(&from.name, &to.name),
        volume: differing(&from.volume, &to.volume),
        muted: differing(&from.muted, &to.muted),
        hidden: differing(&from.hidden, &to.hidden),
        locked: None,
    };
    (change != TrackChanged::of(to.id.clone())).then_some(change)
}

/// The changed fields of a clip.
pub(super) fn clip(from: &Clip, to: &Clip) -> Option<ClipChanged> {
    (from != to).then(|| ClipChanged {
        clip: to.id.clone(),
        track: differing(&from.track, &to.track),
        source: differing(&from.source, &to.source),
        in_point: differing(&from.in_point, &to.in_point),
        out_point: differing(&from.out_point, &to.out_point),
        at: differing(&from.at, &to.at),
        volume: differing(&from.volume, &to.volume),
        fade_in: differing(&from.fade_in, &to.fade_in),
        fade_out: differing(&from.fade_out, &to.fade_out),
        fit: differing(&from.fit, &to.fit),
        transform: differing(&from.transform, &to.transform),
        keyframes: differing(&from.keyframes, &to.keyframes),
        group: differing(&from.group, &to.group),
    })
}

/// The new value where it is one.
pub(super) fn differing<T: PartialEq + Clone>(from: &T, to: &T) -> Option<T> {
    (from != to).then(|| to.clone())
}
