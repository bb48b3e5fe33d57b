//! The document as it would be with some edits undone or redone.

use std::collections::HashSet;

use super::footprint::Write;
use super::{Entry, Field, History, Kind, Record, Standing};
use crate::error::{Code, CoreError};
use crate::model::Id;
use crate::state::State;

/// What an undo or a redo comes to, before it is folded.
#[derive(Debug)]
pub struct Rewrite {
    edits: Vec<Id>,
    base_version: u64,
    /// The plain edits that count.
    replayed: HashSet<Id>,
    masked: Vec<(Id, Field)>,
}

impl History {
    /// Undoes the last `count` edits that count, of `actor` or of anybody; fewer where there are fewer.
    ///
    /// Refuses with `nothing_to_undo` where there is none.
    pub fn undo(&self, actor: Option<&str>, count: usize) -> Result<Rewrite, CoreError> {
        let counting = |entry: &&(usize, &Entry)| {
            let plain = entry.1.kind == Kind::Edit && entry.1.state == Standing::Active && !entry.1.fixed;
            plain && actor.is_none_or(|actor| *entry.1.actor == *actor)
        };
        let all: Vec<_> = self.entries().iter().enumerate().collect();
        let chosen: Vec<usize> = all.iter().rev().filter(counting).take(count).map(|(place, _)| *place).collect();
        if chosen.is_empty() {
            return Err(CoreError::new(Code::NothingToUndo, "no edit is left to undo"));
        }
        Ok(self.rewrite(&chosen, Standing::Reverted))
    }

    /// Restores the `count` edits undone last, of `actor` or of anybody; fewer where there are fewer.
    ///
    /// Refuses with `nothing_to_redo` where there is none.
    pub fn redo(&self, actor: Option<&str>, count: usize) -> Result<Rewrite, CoreError> {
        let whose = |place: &usize| self.entries.get(*place).map(|entry| &*entry.actor);
        let theirs = |place: &&usize| actor.is_none() || whose(place) == actor;
        let chosen: Vec<usize> = self.undone.iter().rev().filter(theirs).take(count).copied().collect();
        if chosen.is_empty() {
            return Err(CoreError::new(Code::NothingToRedo, "no edit is left to redo"));
        }
        Ok(self.rewrite(&chosen, Standing::Active))
    }

    fn rewrite(&self, chosen: &[usize], becomes: Standing) -> Rewrite {
        let wanted: Vec<bool> = (0..)
            .zip(&self.entries)
            .map(|(place, entry)| {
                let standing = if chosen.contains(&place) { becomes } else { entry.state };
                standing == Standing::Active
            })
            .collect();
        let base_version = self.base(&wanted);
        let counting = self.entries.iter().zip(&wanted).filter(|(entry, wanted)| **wanted && entry.kind == Kind::Edit);
        let edit_at = |place: &usize| self.entries.get(*place).map(|entry| entry.edit.clone());
        Rewrite {
            edits: chosen.iter().filter_map(edit_at).collect(),
            base_version,
            replayed: counting.map(|(entry, _)| entry.edit.clone()).collect(),
            masked: self.masked(chosen, &wanted),
        }
    }

    /// The last version at which exactly the `wanted` edits counted: everything up to there needs no replay.
    fn base(&self, wanted: &[bool]) -> u64 {
        let mut differing = HashSet::new();
        let mut base = 0;
        for (place, entry) in self.entries.iter().enumerate() {
            let counts = |place: usize| wanted.get(place).copied().unwrap_or_default();
            let mut stands = |place: usize, active: bool| {
                if counts(place) == active {
                    differing.remove(&place)
                } else {
                    differing.insert(place)
                };
            };
            match entry.kind {
                Kind::Edit => stands(place, true),
                Kind::Undo => entry.marks.iter().for_each(|place| stands(*place, false)),
                Kind::Redo => entry.marks.iter().for_each(|place| stands(*place, true)),
            }
            if differing.is_empty() {
                base = entry.last;
            }
        }
        base
    }

    /// Fields that the chosen edits set and that a later edit that counts has set again.
    fn masked(&self, chosen: &[usize], wanted: &[bool]) -> Vec<(Id, Field)> {
        let mut masked = Vec::new();
        for &place in chosen {
            let Some(entry) = self.entries.get(place) else { continue };
            let later = self.entries.iter().zip(wanted).enumerate().skip(place + 1);
            let counting = later
                .filter(|(other, (after, wanted))| **wanted && after.kind == Kind::Edit && !chosen.contains(other));
            let after: Vec<&Write> = counting.flat_map(|(_, (after, _))| &after.writes).collect();
            for write in &entry.writes {
                let Some(field) = write.field else { continue };
                let name = (write.entity.clone(), field);
                if after.iter().any(|later| later.covers(write)) && !masked.contains(&name) {
                    masked.push(name);
                }
            }
        }
        masked
    }
}

impl Rewrite {
    /// The edits that change their standing, in the order in which they do.
    pub fn edits(&self) -> &[Id] {
        &self.edits
    }

    /// The version to fold to before [`Rewrite::target`] replays what follows it.
    pub const fn base_version(&self) -> u64 {
        self.base_version
    }

    /// Fields that the undone or redone edits set and that keep the value which a later edit gave them.
    pub fn masked(&self) -> &[(Id, Field)] {
        &self.masked
    }

    /// The document with those edits undone or redone: `base`, and on it the edits of `records` that count.
    ///
    /// Refuses with `edit_has_dependents`, naming each edit that can't be without the ones undone.
    pub fn target<P: AsRef<[u8]>>(&self, base: &State, records: &[Record<P>]) -> Result<State, CoreError> {
        let mut state = base.clone();
        let mut dependents: Vec<String> = Vec::new();
        for run in records.chunk_by(|a, b| a.edit == b.edit) {
            let [first, ..] = run else { continue };
            if !self.replayed.contains(first.edit.as_str()) {
                continue;
            }
            let payloads: Vec<&[u8]> = run.iter().map(|record| record.payload.as_ref()).collect();
            match state.apply_payloads(&payloads) {
                Ok(next) => state = next,
                Err(_) => dependents.push(first.edit.clone()),
            }
        }
        if dependents.is_empty() {
            return Ok(state);
        }
        let message = format!("{} later edits stand on what would change", dependents.len());
        Err(CoreError { ids: dependents, ..CoreError::new(Code::EditHasDependents, message) })
    }
}
