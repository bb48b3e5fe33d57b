//! The undo book-keeping of one project's log: which edits count, whose they are, and how to fold without some of them.
//!
//! The document is at every version the fold of the *active plain* edits up to there, in the order of the log. Undo and
//! redo are edits that mark others as reverted or restored and carry the facts that lead to the document without or with
//! them; replaying them adds nothing of their own.

mod again;
mod blame;
mod choose;
mod clash;
mod footprint;
mod listing;
mod rewrite;

use std::collections::HashMap;

pub use blame::Origin;
pub use clash::{Clash, Line as ClashLine, clashes};
pub use footprint::Field;
use footprint::Write;
pub use listing::{Filter, Line, Worth};
pub use rewrite::Rewrite;

use crate::error::{Code, CoreError};
use crate::fact::Fact;
use crate::model::Id;
use crate::transition::Transition;

/// The field that names an edit, where one is asked for.
const EDIT: Field = "edit_id";

/// One fact of the log with the edit that it belongs to.
#[derive(Debug)]
pub struct Record<P> {
    /// Its version.
    pub version: u64,
    /// Its edit.
    pub edit: String,
    /// Who made the edit.
    pub actor: String,
    /// The stored payload.
    pub payload: P,
}

/// What an edit is to the history.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A plain one.
    Edit,
    /// It reverted or restored others.
    Mark,
}

/// Whether an edit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Active,
    /// It was undone.
    Reverted,
}

/// An edit of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub edit: Id,
    /// Who made it.
    pub actor: Id,
    /// Version of its first fact.
    pub first: u64,
    /// Version of its last fact.
    pub last: u64,
    /// What it is.
    pub kind: Kind,
    /// Whether it counts.
    pub state: Standing,
    writes: Vec<Write>,
    /// The tracks, clips, effects and transitions that it made.
    added: Vec<Id>,
    /// The edits it reverted or restored, and which of the two.
    marks: Vec<(usize, Standing)>,
    /// It made or deleted the project: a document can't be without that.
    fixed: bool,
}

/// The edits of one project in the order of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    entries: Vec<Entry>,
    places: HashMap<Id, usize>,
    /// Edits that a redo may restore, the one to restore first last.
    undone: Vec<usize>,
    /// The clip of every effect that was ever on one, and the clips of every transition.
    parents: HashMap<Id, Vec<Id>>,
}

impl History {
    /// Takes in the next records of the log: whole edits, in order. Stops at the first edit that can't follow, refusing
    /// with `malformed_fact` or `unknown_edit`.
    pub fn extend<P: AsRef<[u8]>>(&mut self, records: &[Record<P>]) -> Result<(), CoreError> {
        records.chunk_by(|a, b| a.edit == b.edit).try_for_each(|run| self.take(run))
    }

    fn take<P: AsRef<[u8]>>(&mut self, run: &[Record<P>]) -> Result<(), CoreError> {
        let [first, ..] = run else { return Ok(()) };
        let mut entry = Entry {
            edit: first.edit.as_str().into(),
            actor: first.actor.as_str().into(),
            first: first.version,
            last: first.version,
            kind: Kind::Edit,
            state: Standing::Active,
            writes: Vec::new(),
            added: Vec::new(),
            marks: Vec::new(),
            fixed: false,
        };
        let expected = self.entries.last().map_or(1, |entry| entry.last + 1);
        for (version, record) in (expected..).zip(run) {
            if record.version != version {
                let message = format!("version {} of the log follows {}", record.version, version - 1);
                return Err(CoreError::new(Code::MalformedFact, message));
            }
            entry.last = version;
            self.note(&mut entry, &Fact::decode(record.payload.as_ref())?)?;
        }
        if self.places.contains_key(&entry.edit) {
            let message = "the facts of one edit lie together in the log";
            return Err(CoreError::new(Code::MalformedFact, message).about(&*entry.edit));
        }
        self.places.insert(entry.edit.clone(), self.entries.len());
        self.settle(&entry);
        self.entries.push(entry);
        Ok(())
    }

    fn note(&mut self, entry: &mut Entry, fact: &Fact) -> Result<(), CoreError> {
        match fact {
            Fact::EditReverted(fact) => self.mark(entry, &fact.edit, Standing::Reverted)?,
            Fact::EditRestored(fact) => self.mark(entry, &fact.edit, Standing::Active)?,
            Fact::ProjectCreated(_) | Fact::ProjectDeleted(_) => entry.fixed = true,
            _ => {
                footprint::note(fact, &mut entry.writes);
                entry.added.extend(footprint::added(fact).cloned());
                self.note_parents(fact);
            }
        }
        Ok(())
    }

    fn note_parents(&mut self, fact: &Fact) {
        match fact {
            Fact::EffectAdded(fact) => {
                self.parents.insert(fact.effect.id.clone(), vec![fact.clip.clone()]);
            }
            Fact::TransitionAdded(fact) => {
                let Transition { id, from, to, .. } = &fact.transition;
                self.parents.insert(id.clone(), vec![from.clone(), to.clone()]);
            }
            Fact::TransitionChanged(fact) => {
                let parents = self.parents.get_mut(&fact.transition).and_then(|clips| clips.first_mut());
                if let (Some(parent), Some(from)) = (parents, &fact.from) {
                    parent.clone_from(from);
                }
            }
            _ => {}
        }
    }

    fn mark(&self, entry: &mut Entry, edit: &str, standing: Standing) -> Result<(), CoreError> {
        entry.kind = Kind::Mark;
        entry.marks.push((self.place(edit)?, standing));
        Ok(())
    }

    fn place(&self, edit: &str) -> Result<usize, CoreError> {
        let place = self.places.get(edit).copied();
        place.ok_or_else(|| CoreError::new(Code::UnknownEdit, format!("no edit {edit}")).at(EDIT).about(edit))
    }

    /// What an edit does to the standing of others and to what can be redone.
    fn settle(&mut self, entry: &Entry) {
        if entry.kind == Kind::Edit {
            // a new edit by its author is a new branch: what they undid stays undone
            let entries = &self.entries;
            self.undone.retain(|place| entries.get(*place).is_none_or(|undone| undone.actor != entry.actor));
        }
        for &(place, standing) in &entry.marks {
            if let Some(entry) = self.entries.get_mut(place) {
                entry.state = standing;
            }
            self.undone.retain(|undone| *undone != place);
            if standing == Standing::Reverted {
                self.undone.push(place);
            }
        }
    }
}
