//! Which edits an undo, a redo or a revert is about.

use super::{EDIT, Entry, History, Kind, Rewrite, Standing};
use crate::error::{Code, CoreError};

impl History {
    /// Undoes the last `count` edits that count, of `actor` or of anybody; fewer where there are fewer.
    ///
    /// Refuses with `nothing_to_undo` where there is none.
    pub fn undo(&self, actor: Option<&str>, count: usize) -> Result<Rewrite, CoreError> {
        let theirs = |entry: &Entry| entry.can_be_undone() && actor.is_none_or(|actor| *entry.actor == *actor);
        let places = self.entries.iter().enumerate().rev().filter(|(_, entry)| theirs(entry)).take(count);
        let chosen: Vec<_> = places.map(|(place, _)| (place, Standing::Reverted)).collect();
        if chosen.is_empty() {
            return Err(CoreError::new(Code::NothingToUndo, "no edit is left to undo"));
        }
        Ok(self.rewrite(&chosen))
    }

    /// Restores the `count` edits undone last, of `actor` or of anybody; fewer where there are fewer.
    ///
    /// Refuses with `nothing_to_redo` where there is none.
    pub fn redo(&self, actor: Option<&str>, count: usize) -> Result<Rewrite, CoreError> {
        let whose = |place: &usize| self.entries.get(*place).map(|entry| &*entry.actor);
        let theirs = |place: &&usize| actor.is_none() || whose(place) == actor;
        let places = self.undone.iter().rev().filter(theirs).take(count);
        let chosen: Vec<_> = places.map(|place| (*place, Standing::Active)).collect();
        if chosen.is_empty() {
            return Err(CoreError::new(Code::NothingToRedo, "no edit is left to redo"));
        }
        Ok(self.rewrite(&chosen))
    }

    /// Takes one edit back, whoever made it and whatever came since; of an undo, a redo or a revert, what it did to the
    /// edits that still stand as it left them. `also` are reverted with it: the dependents that stand in its way.
    ///
    /// Refuses with `unknown_edit`, with `edit_not_revertible` what made or deleted the project, and with
    /// `edit_not_active` where nothing of it is left to take back.
    pub fn revert(&self, edit: &str, also: &[String]) -> Result<Rewrite, CoreError> {
        let place = self.place(edit)?;
        let Some(entry) = self.entries.get(place) else { return Err(not_active(edit)) };
        if entry.fixed {
            let message = "what makes or deletes a project can't be reverted";
            return Err(CoreError::new(Code::EditNotRevertible, message).at(EDIT).about(edit));
        }
        let mut chosen = match entry.kind {
            Kind::Edit => vec![(place, Standing::Reverted)],
            Kind::Mark => entry.marks.iter().rev().map(|(place, standing)| (*place, standing.opposite())).collect(),
        };
        chosen.retain(|(place, becomes)| self.entries.get(*place).is_some_and(|entry| entry.state != *becomes));
        if chosen.is_empty() {
            return Err(not_active(edit));
        }
        for dependent in also.iter().rev() {
            chosen.push((self.place(dependent)?, Standing::Reverted));
        }
        Ok(self.rewrite(&chosen))
    }
}

fn not_active(edit: &str) -> CoreError {
    CoreError::new(Code::EditNotActive, format!("nothing of edit {edit} is left to take back")).at(EDIT).about(edit)
}

impl Entry {
    fn can_be_undone(&self) -> bool {
        self.kind == Kind::Edit && self.state == Standing::Active && !self.fixed
    }
}

impl Standing {
    const fn opposite(self) -> Self {
        match self {
            Self::Active => Self::Reverted,
            Self::Reverted => Self::Active,
        }
    }
}
