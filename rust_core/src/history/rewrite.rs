//! The document as it would be with some edits taken back or restored.

use std::collections::HashSet;

use super::footprint::Write;
use super::{Field, History, Kind, Record, Standing};
use crate::error::{Code, CoreError};
use crate::model::Id;
use crate::state::State;

/// What an undo, a redo or a revert comes to, before it is folded.
#[derive(Debug)]
pub struct Rewrite {
    changes: Vec<(Id, Standing)>,
    base_version: u64,
    /// The plain edits after the base that count.
    replayed: HashSet<Id>,
    masked: Vec<(Id, Field)>,
}

impl History {
    /// With the standing of some edits changed.
    pub(super) fn rewrite(&self, chosen: &[(usize, Standing)]) -> Rewrite {
        let mut wanted: Vec<bool> = self.entries.iter().map(|entry| entry.state == Standing::Active).collect();
        for (place, becomes) in chosen {
            if let Some(counts) = wanted.get_mut(*place) {
                *counts = *becomes == Standing::Active;
            }
        }
        let base_version = self.base(&wanted);
        let after = self.entries.partition_point(|entry| entry.first <= base_version);
        let tail = self.entries.iter().zip(&wanted).skip(after);
        let counting = tail.filter(|(entry, wanted)| **wanted && entry.kind == Kind::Edit);
        let named = |(place, becomes): &(usize, Standing)| Some((self.entries.get(*place)?.edit.clone(), *becomes));
        Rewrite {
            changes: chosen.iter().filter_map(named).collect(),
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
            if entry.kind == Kind::Edit {
                stands(place, true);
            }
            entry.marks.iter().for_each(|(place, standing)| stands(*place, *standing == Standing::Active));
            if differing.is_empty() {
                base = entry.last;
            }
        }
        base
    }

    /// Fields that the chosen edits set and that a later edit that counts has set again.
    fn masked(&self, chosen: &[(usize, Standing)], wanted: &[bool]) -> Vec<(Id, Field)> {
        let mut masked = Vec::new();
        let is_chosen = |other: &usize| chosen.iter().any(|(place, _)| place == other);
        for &(place, _) in chosen {
            let Some(entry) = self.entries.get(place) else { continue };
            let later = self.entries.iter().zip(wanted).enumerate().skip(place + 1);
            let counting =
                later.filter(|(other, (after, wanted))| **wanted && after.kind == Kind::Edit && !is_chosen(other));
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
    /// The edits that change their standing, and to what, in the order in which they do.
    pub fn changes(&self) -> &[(Id, Standing)] {
        &self.changes
    }

    /// The version to fold to before [`Rewrite::target`] replays what follows it.
    pub const fn base_version(&self) -> u64 {
        self.base_version
    }

    /// Fields that those edits set and that keep the value which a later edit gave them.
    pub fn masked(&self) -> &[(Id, Field)] {
        &self.masked
    }

    /// The document with those changes: `base`, and on it the edits of `records` that count.
    ///
    /// Refuses with `edit_cannot_return`, naming the restored edits that have nothing to stand on any more, and with
    /// `edit_has_dependents`, naming each edit that can't be beside these changes.
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
        Err(self.in_the_way(dependents))
    }

    fn in_the_way(&self, failed: Vec<String>) -> CoreError {
        let restored =
            |id: &&String| self.changes.iter().any(|change| *change.0 == ***id && change.1 == Standing::Active);
        let homeless: Vec<String> = failed.iter().filter(restored).cloned().collect();
        if homeless.is_empty() {
            let message = format!("{} later edits stand on what would change", failed.len());
            return CoreError { ids: failed, ..CoreError::new(Code::EditHasDependents, message) };
        }
        let message = format!("{} of the edits to restore have nothing to stand on now", homeless.len());
        CoreError { ids: homeless, ..CoreError::new(Code::EditCannotReturn, message) }
    }
}
