//! The history as a list, newest first: which edits count, and of which nothing is to be seen any more.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::footprint::Write;
use super::{Entry, Field, History, Kind, Standing};
use crate::model::Id;

/// What an edit is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Worth {
    /// It counts.
    Active,
    /// It was taken back.
    Reverted,
    /// It counts, and later edits that count overwrote or removed everything that it did.
    Masked,
}

/// One edit of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line<'a> {
    /// Its id.
    pub edit: &'a str,
    /// Version of its first fact.
    pub first: u64,
    /// Version of its last fact.
    pub last: u64,
    /// What it is worth.
    pub state: Worth,
}

/// Which edits to list.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a> {
    /// Those whose first fact lies before this version.
    pub before: u64,
    /// Those of this actor.
    pub actor: Option<&'a str>,
    /// Those that are worth this.
    pub state: Option<Worth>,
    /// At most as many.
    pub limit: usize,
}

impl History {
    /// The newest edits that a filter lets through, newest first.
    pub fn listed(&self, filter: Filter<'_>) -> Vec<Line<'_>> {
        let mut later = Later::new(&self.parents);
        let lines = self.entries.iter().rev().map(|entry| {
            let state = later.worth(entry);
            let line = Line { edit: &entry.edit, first: entry.first, last: entry.last, state };
            (entry, line)
        });
        let wanted = lines.filter(|(entry, line)| {
            let theirs = filter.actor.is_none_or(|actor| *entry.actor == *actor);
            line.first < filter.before && theirs && filter.state.is_none_or(|state| line.state == state)
        });
        wanted.map(|(_, line)| line).take(filter.limit).collect()
    }
}

/// What the edits that count have overwritten and removed, from the end of the log back.
struct Later<'a> {
    set: HashSet<(Id, Field)>,
    gone: HashSet<Id>,
    /// The clips of each effect and transition: when a clip goes, they go without a word.
    parents: &'a HashMap<Id, Vec<Id>>,
}

impl<'a> Later<'a> {
    fn new(parents: &'a HashMap<Id, Vec<Id>>) -> Self {
        Self { set: HashSet::new(), gone: HashSet::new(), parents }
    }

    fn worth(&mut self, entry: &Entry) -> Worth {
        if entry.state == Standing::Reverted {
            return Worth::Reverted;
        }
        if entry.kind == Kind::Mark || entry.fixed {
            return Worth::Active;
        }
        let did_something = !entry.writes.is_empty() || !entry.added.is_empty();
        let writes_gone = entry.writes.iter().all(|write| self.covers(write));
        let all_gone = writes_gone && entry.added.iter().all(|id| self.is_gone(id));
        // an edit that takes a thing away and puts another in its place does so in that order
        for id in &entry.added {
            self.gone.remove(id);
        }
        for Write { entity, field } in &entry.writes {
            match field {
                Some(field) => self.set.insert((entity.clone(), field)),
                None => self.gone.insert(entity.clone()),
            };
        }
        if did_something && all_gone { Worth::Masked } else { Worth::Active }
    }

    fn covers(&self, write: &Write) -> bool {
        let again = |field| self.set.contains(&(write.entity.clone(), field));
        write.field.is_some_and(again) || self.is_gone(&write.entity)
    }

    fn is_gone(&self, id: &Id) -> bool {
        self.gone.contains(id)
            || self.parents.get(id).is_some_and(|clips| clips.iter().any(|clip| self.gone.contains(clip)))
    }
}
