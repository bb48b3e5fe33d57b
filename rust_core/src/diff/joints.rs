//! What differs between the transitions of two documents.

use std::collections::HashSet;
use std::sync::Arc;

use super::Diff;
use super::change::differing;
use crate::fact::{TransitionAdded, TransitionChanged, TransitionRemoved};
use crate::model::Id;
use crate::transition::Transition;

impl Diff<'_> {
    /// The tracks that have to be open while transitions change.
    pub(super) fn tracks_of_transitions(&self) -> HashSet<Id> {
        let differ = |one: &&Arc<Transition>, others: &crate::state::State| others.joints.get(&one.id) != Some(one);
        let gone = self.from.transitions().filter(|one| differ(one, self.to)).map(|one| (self.from, one));
        let come = self.to.transitions().filter(|one| differ(one, self.from)).map(|one| (self.to, one));
        gone.chain(come).filter_map(|(state, one)| Some(state.clip(&one.from).ok()?.track.clone())).collect()
    }

    /// Before anything else: an id may come back as another thing. With a clip its transitions go without a word.
    pub(super) fn remove_transitions(&mut self) {
        let stays = |clip: &Id| self.from.placed(clip).is_ok_and(|placed| self.keeps_clip(placed));
        let gone = self.from.transitions().filter(|one| self.kept(one).is_none() && stays(&one.from) && stays(&one.to));
        let gone: Vec<_> = gone.map(|one| TransitionRemoved { transition: one.id.clone() }.into()).collect();
        self.facts.extend(gone);
    }

    /// After everything else: the clips that they join are there.
    pub(super) fn join_transitions(&mut self) {
        for one in self.to.transitions() {
            match self.from.joints.get(&one.id).filter(|before| self.kept(before).is_some()) {
                Some(before) if before == one => {}
                Some(before) => self.push(change(before, one)),
                None => self.push(TransitionAdded { transition: one.as_ref().clone() }),
            }
        }
    }

    /// What a transition can become by a change.
    fn kept(&self, one: &Transition) -> Option<&Arc<Transition>> {
        let stays = |clip: &Id| self.from.placed(clip).is_ok_and(|placed| self.keeps_clip(placed));
        let same = |other: &&Arc<Transition>| (&other.from, &other.to) == (&one.from, &one.to);
        self.to.joints.get(&one.id).filter(same).filter(|_| stays(&one.from) && stays(&one.to))
    }
}

fn change(from: &Transition, to: &Transition) -> TransitionChanged {
    TransitionChanged {
        transition: to.id.clone(),
        from: None,
        transition_type: differing(&from.kind, &to.kind),
        params: differing(&from.params, &to.params),
        duration: differing(&from.duration, &to.duration),
        align: differing(&from.align, &to.align),
        sound: differing(&from.sound, &to.sound),
    }
}
