//! The one fold: facts onto a state, every invariant held at the end of each call.

mod check;
mod clips;
mod effects;
mod project;
mod transitions;

use std::collections::HashMap;

use crate::error::{Code, CoreError};
use crate::fact::{EditRestored, EditReverted, Fact, ForkedFrom, MergedFrom};
use crate::limits::{check_id, out_of_range};
use crate::model::Id;
use crate::state::{Phase, State};

/// A state in the middle of an edit, which clips the edit touched, and which transitions it is about.
struct Draft {
    state: State,
    touched: Vec<Id>,
    joined: Vec<Id>,
}

impl State {
    /// The state after `facts`, which are one edit or more. Each fact is checked against the state that it meets; rules
    /// between things (overlap, ranges, fades, kinds, counts) hold at the end, so an edit may break one on its way.
    pub fn apply(&self, facts: &[Fact]) -> Result<Self, CoreError> {
        let mut draft = Draft::of(self);
        for fact in facts {
            draft.fold(fact)?;
            draft.state.version += 1;
        }
        draft.finish()
    }

    /// [`State::apply`] on stored payloads.
    pub fn apply_payloads<B: AsRef<[u8]>>(&self, payloads: &[B]) -> Result<Self, CoreError> {
        let mut draft = Draft::of(self);
        for payload in payloads {
            draft.fold(&Fact::decode(payload.as_ref())?)?;
            draft.state.version += 1;
        }
        draft.finish()
    }
}

impl Draft {
    fn of(state: &State) -> Self {
        Self { state: state.clone(), touched: Vec::new(), joined: Vec::new() }
    }

    fn fold(&mut self, fact: &Fact) -> Result<(), CoreError> {
        match (&self.state.phase, fact) {
            (Phase::Empty, Fact::ProjectCreated(fact)) => self.project_created(fact),
            (Phase::Empty, _) => Err(CoreError::new(Code::UnknownProject, "a project's first fact is project_created")),
            (Phase::Deleted, _) => Err(CoreError::new(Code::UnknownProject, "the project was deleted")),
            (Phase::Open(_), _) => self.fold_open(fact),
        }
    }

    fn fold_open(&mut self, fact: &Fact) -> Result<(), CoreError> {
        match fact {
            Fact::ProjectCreated(_) => Err(CoreError::new(Code::ProjectExists, "the project was created already")),
            Fact::ProjectRenamed(fact) => self.project_renamed(fact),
            Fact::ProjectDeleted(_) => {
                self.project_deleted();
                Ok(())
            }
            Fact::OutputSet(fact) => self.output_set(fact),
            Fact::TrackAdded(fact) => self.track_added(fact),
            Fact::TrackChanged(fact) => self.track_changed(fact),
            Fact::TrackRemoved(fact) => self.track_removed(fact),
            Fact::TracksOrdered(fact) => self.tracks_ordered(fact),
            Fact::ClipAdded(fact) => self.clip_added(fact),
            Fact::ClipChanged(fact) => self.clip_changed(fact),
            Fact::ClipRemoved(fact) => self.clip_removed(fact),
            Fact::EffectAdded(fact) => self.effect_added(fact),
            Fact::EffectChanged(fact) => self.effect_changed(fact),
            Fact::EffectRemoved(fact) => self.effect_removed(fact),
            Fact::EffectsOrdered(fact) => self.effects_ordered(fact),
            Fact::TransitionAdded(fact) => self.transition_added(fact),
            Fact::TransitionChanged(fact) => self.transition_changed(fact),
            Fact::TransitionRemoved(fact) => self.transition_removed(fact),
            Fact::GlobalEffectAdded(fact) => self.global_effect_added(fact),
            Fact::GlobalEffectChanged(fact) => self.global_effect_changed(fact),
            Fact::GlobalEffectRemoved(fact) => self.global_effect_removed(fact),
            Fact::GlobalEffectsOrdered(fact) => self.global_effects_ordered(fact),
            // bookkeeping of the history: what they mean for the document is in the facts beside them
            Fact::ForkedFrom(ForkedFrom { project, .. }) | Fact::MergedFrom(MergedFrom { project, .. }) => {
                check_id(project)
            }
            Fact::EditReverted(EditReverted { edit }) | Fact::EditRestored(EditRestored { edit }) => check_id(edit),
        }
    }
}

/// Puts `item` at `index`, which may be one past the end.
fn insert_at<T>(list: &mut Vec<T>, index: u32, item: T) -> Result<(), CoreError> {
    let count = list.len();
    match usize::try_from(index) {
        Ok(index) if index <= count => {
            list.insert(index, item);
            Ok(())
        }
        _ => Err(out_of_range("index", format!("index {index} is not from 0 to {count}"))),
    }
}

/// `list` in the order of `wanted`, which must name every item of it once.
fn permuted<T: Clone>(list: &[T], wanted: &[Id], id: fn(&T) -> &Id, path: &str) -> Result<Vec<T>, CoreError> {
    let refuse = |wrong: &Id| {
        let message = format!("{path} must name every present id exactly once");
        CoreError::new(Code::NotAPermutation, message).at(path).about(&**wrong)
    };
    let mut left: HashMap<&Id, &T> = list.iter().map(|item| (id(item), item)).collect();
    let sorted: Result<Vec<T>, _> =
        wanted.iter().map(|name| left.remove(name).cloned().ok_or_else(|| refuse(name))).collect();
    let sorted = sorted?;
    match list.iter().find(|item| left.contains_key(id(item))) {
        Some(missing) => Err(refuse(id(missing))),
        None => Ok(sorted),
    }
}
