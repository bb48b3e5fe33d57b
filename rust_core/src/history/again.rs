//! What deciding edits again needs: those that count, and the document before them.

use super::{EDIT, Entry, History, Kind, Rewrite, Standing};
use crate::error::{Code, CoreError};

impl History {
    /// The plain edits that count and end after a version, oldest first: id, first and last version.
    pub fn counting(&self, after: u64) -> impl Iterator<Item = (&str, u64, u64)> {
        let later = self.entries.iter().filter(move |entry| entry.last > after);
        later.filter(|entry| entry.counts()).map(|entry| (&*entry.edit, entry.first, entry.last))
    }

    /// Whether the standing of an edit up to a version was changed after it, or by an edit that ends after it.
    pub fn reaches_back(&self, version: u64) -> bool {
        let later = self.entries.iter().filter(|entry| entry.last > version);
        let mut marked = later.flat_map(|entry| &entry.marks);
        marked.any(|(place, _)| self.entries.get(*place).is_some_and(|entry| entry.first <= version))
    }

    /// The document without an edit and all that came after it.
    ///
    /// Refuses with `unknown_edit`, with `edit_not_revertible` what made the project and what is no plain edit, and with
    /// `edit_not_active` one that does not count.
    pub fn before(&self, edit: &str) -> Result<Rewrite, CoreError> {
        let place = self.place(edit)?;
        let Some(entry) = self.entries.get(place) else { return Ok(self.rewrite(&[])) };
        if entry.fixed || entry.kind == Kind::Mark {
            let message = "it made the project, or takes back what others did";
            return Err(CoreError::new(Code::EditNotRevertible, message).at(EDIT).about(edit));
        }
        if !entry.counts() {
            return Err(CoreError::new(Code::EditNotActive, format!("edit {edit} was taken back"))
                .at(EDIT)
                .about(edit));
        }
        let tail = (place..).zip(self.entries.iter().skip(place)).filter(|(_, entry)| entry.counts());
        let chosen: Vec<_> = tail.map(|(place, _)| (place, Standing::Reverted)).collect();
        Ok(self.rewrite(&chosen))
    }
}

impl Entry {
    fn counts(&self) -> bool {
        self.kind == Kind::Edit && self.state == Standing::Active
    }
}
