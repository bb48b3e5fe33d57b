//! Which transition joins which clips.

use std::sync::Arc;

use imbl::HashMap;

use crate::error::{Code, CoreError};
use crate::model::Id;
use crate::transition::Transition;

/// The transitions of a project: a clip has one at its start and one at its end at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct Joints {
    all: HashMap<Id, Arc<Transition>>,
    /// By the clip that goes.
    leaving: HashMap<Id, Id>,
    /// By the clip that comes.
    entering: HashMap<Id, Id>,
}

impl Joints {
    pub(crate) fn get(&self, id: &str) -> Option<&Arc<Transition>> {
        self.all.get(id)
    }

    /// The transition at the end of a clip.
    pub(crate) fn leaving(&self, clip: &str) -> Option<&Arc<Transition>> {
        self.leaving.get(clip).and_then(|id| self.all.get(id))
    }

    /// The transition at the start of a clip.
    pub(crate) fn entering(&self, clip: &str) -> Option<&Arc<Transition>> {
        self.entering.get(clip).and_then(|id| self.all.get(id))
    }

    /// Those at either end of a clip.
    pub(crate) fn of(&self, clip: &str) -> impl Iterator<Item = &Arc<Transition>> {
        self.entering(clip).into_iter().chain(self.leaving(clip))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// One more; refuses `transitions_overlap` where a clip has one at that end.
    pub(crate) fn insert(&mut self, transition: Transition) -> Result<(), CoreError> {
        for (there, clip, path) in [
            (self.leaving(&transition.from), &transition.from, "from"),
            (self.entering(&transition.to), &transition.to, "to"),
        ] {
            if let Some(other) = there {
                let message = format!("clip {clip} has transition {} there", other.id);
                let refused = CoreError::new(Code::TransitionsOverlap, message).at(path);
                return Err(refused.about(&*transition.id).about(&*other.id));
            }
        }
        self.leaving.insert(transition.from.clone(), transition.id.clone());
        self.entering.insert(transition.to.clone(), transition.id.clone());
        self.all.insert(transition.id.clone(), Arc::new(transition));
        Ok(())
    }

    pub(crate) fn remove(&mut self, id: &str) -> Option<Arc<Transition>> {
        let transition = self.all.remove(id)?;
        self.leaving.remove(&transition.from);
        self.entering.remove(&transition.to);
        Some(transition)
    }

    /// Without those at either end of a clip.
    pub(crate) fn part(&mut self, clip: &str) {
        let gone: Vec<Id> = self.of(clip).map(|transition| transition.id.clone()).collect();
        for id in gone {
            self.remove(&id);
        }
    }
}
