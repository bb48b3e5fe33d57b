//! The facts that turn one document into another: undo, redo, restore and import are this and a fold.

mod chain;
mod change;
mod joints;

use std::collections::HashSet;
use std::sync::Arc;

use crate::error::{Code, CoreError};
use crate::fact::{
    ClipAdded, ClipRemoved, Fact, OutputSet, ProjectCreated, ProjectDeleted, ProjectRenamed, TrackAdded, TrackChanged,
    TrackRemoved, TracksOrdered,
};
use crate::model::{Id, Track};
use crate::state::{Phase, Placed, State};

/// Facts that [`State::apply`] accepts on `from` and that lead to `to`'s document; none where the two are the same.
///
/// Refuses with `unknown_project` what no fact can do: to bring a deleted project back, or to uncreate one.
pub fn diff(from: &State, to: &State) -> Result<Vec<Fact>, CoreError> {
    match (&from.phase, &to.phase) {
        (Phase::Empty, Phase::Open(head)) => {
            let created = Fact::from(ProjectCreated { name: head.name.clone(), output: head.output.clone() });
            let begun = from.apply(std::slice::from_ref(&created))?;
            Ok([vec![created], Diff::new(&begun, to).facts()].concat())
        }
        (Phase::Open(_), Phase::Open(_)) => Ok(Diff::new(from, to).facts()),
        (Phase::Open(_), Phase::Deleted) => Ok(vec![ProjectDeleted {}.into()]),
        (Phase::Empty, Phase::Empty) | (Phase::Deleted, Phase::Deleted) => Ok(Vec::new()),
        (Phase::Empty, Phase::Deleted) | (Phase::Deleted, _) | (Phase::Open(_), Phase::Empty) => {
            Err(CoreError::new(Code::UnknownProject, "no fact leads there from a project that is deleted or not there"))
        }
    }
}

/// A difference in the making. A track, clip, effect or transition is *kept* when it need not be removed and added again.
struct Diff<'a> {
    from: &'a State,
    to: &'a State,
    facts: Vec<Fact>,
}

/// The clips that differ, in the order of their sides.
#[derive(Default)]
struct Clips<'a> {
    removed: Vec<&'a Placed>,
    changed: Vec<(&'a Placed, &'a Placed)>,
    added: Vec<&'a Placed>,
}

impl Clips<'_> {
    /// The tracks that have to be open while clips change.
    fn tracks(&self) -> HashSet<Id> {
        let pairs = self.changed.iter().flat_map(|(from, to)| [*from, *to]);
        let all = self.removed.iter().copied().chain(self.added.iter().copied()).chain(pairs);
        all.map(|placed| placed.clip.track.clone()).collect()
    }
}

impl<'a> Diff<'a> {
    fn new(from: &'a State, to: &'a State) -> Self {
        Self { from, to, facts: Vec::new() }
    }

    /// Removals come first and additions last, so that an id may change its kind or its place on the way, and a track is
    /// open while what lies on it changes.
    fn facts(mut self) -> Vec<Fact> {
        self.head();
        let clips = self.clips();
        let in_use = &clips.tracks() | &self.tracks_of_transitions();
        self.open_tracks(&in_use);
        self.remove_transitions();
        self.remove_effects(&clips.changed);
        let removed = clips.removed.iter().map(|placed| ClipRemoved { clip: placed.clip.id.clone() }.into());
        self.facts.extend(removed);
        self.tracks();
        self.change_clips(&clips.changed);
        for placed in clips.added {
            self.push(ClipAdded { clip: placed.clip.clone() });
            self.add_effects(placed);
        }
        self.join_transitions();
        self.film_effects();
        self.lock_tracks(&in_use);
        self.facts
    }

    fn push(&mut self, fact: impl Into<Fact>) {
        self.facts.push(fact.into());
    }

    fn head(&mut self) {
        if let (Phase::Open(from), Phase::Open(to)) = (&self.from.phase, &self.to.phase) {
            if from.name != to.name {
                self.push(ProjectRenamed { name: to.name.clone() });
            }
            if from.output != to.output {
                self.push(OutputSet { output: to.output.clone() });
            }
        }
    }

    fn keeps_track(&self, id: &str) -> bool {
        match (self.from.lanes.get(id), self.to.lanes.get(id)) {
            (Some(from), Some(to)) => from.track.kind == to.track.kind,
            _ => false,
        }
    }

    /// A clip whose track goes is added anew: the track has to be empty when it goes.
    fn keeps_clip(&self, placed: &Placed) -> bool {
        self.to.clips.contains_key(&placed.clip.id) && self.keeps_track(&placed.clip.track)
    }

    fn clips(&self) -> Clips<'a> {
        let mut clips = Clips::default();
        if self.from.clips.ptr_eq(&self.to.clips) && self.from.stack == self.to.stack {
            return clips;
        }
        for from in self.from.stack.iter().flat_map(|track| self.from.placed_on(track)) {
            match self.to.clips.get(&from.clip.id) {
                Some(to) if Arc::ptr_eq(from, to) => {}
                Some(to) if self.keeps_clip(from) => {
                    if from != to {
                        clips.changed.push((from, to));
                    }
                }
                _ => clips.removed.push(from),
            }
        }
        for to in self.to.stack.iter().flat_map(|track| self.to.placed_on(track)) {
            match self.from.clips.get(&to.clip.id) {
                Some(from) if Arc::ptr_eq(from, to) || self.keeps_clip(from) => {}
                _ => clips.added.push(to),
            }
        }
        clips
    }

    fn open_tracks(&mut self, in_use: &HashSet<Id>) {
        for track in self.from.tracks() {
            if track.locked && in_use.contains(&track.id) {
                self.push(TrackChanged { locked: Some(false), ..TrackChanged::of(track.id.clone()) });
            }
        }
    }

    /// Removes, adds, orders and changes tracks; locks come at the end.
    fn tracks(&mut self) {
        let mut order: Vec<Id> = Vec::new();
        for id in self.from.stack.iter() {
            if self.keeps_track(id) {
                order.push(id.clone());
            } else {
                self.push(TrackRemoved { track: id.clone() });
            }
        }
        for (index, track) in (0..).zip(self.to.tracks()) {
            if !self.keeps_track(&track.id) {
                let place = order.len().min(index);
                order.insert(place, track.id.clone());
                let index = u32::try_from(place).unwrap_or(u32::MAX);
                self.push(TrackAdded { track: Track { locked: false, ..track.clone() }, index });
            }
        }
        if order != *self.to.stack {
            self.push(TracksOrdered { tracks: self.to.stack.to_vec() });
        }
        let kept = self.to.tracks().filter(|track| self.keeps_track(&track.id));
        let changed = kept.filter_map(|to| change::track(self.from.track(&to.id).ok()?, to));
        let changed: Vec<Fact> = changed.map(Fact::from).collect();
        self.facts.extend(changed);
    }

    fn lock_tracks(&mut self, in_use: &HashSet<Id>) {
        for to in self.to.tracks() {
            let was_locked = self.keeps_track(&to.id) && self.from.track(&to.id).is_ok_and(|track| track.locked);
            let is_locked = was_locked && !in_use.contains(&to.id);
            if is_locked != to.locked {
                self.push(TrackChanged { locked: Some(to.locked), ..TrackChanged::of(to.id.clone()) });
            }
        }
    }
}
