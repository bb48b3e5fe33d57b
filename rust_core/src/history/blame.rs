//! Which edit each thing, and each of its fields, comes from.

use std::collections::HashSet;

use serde::Serialize;

use super::{Entry, Field, History, Kind, Standing};

/// Where something in the document comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin<'a> {
    /// The track, clip, effect or transition.
    pub entity: &'a str,
    /// The field; none for the thing itself, and for every field that nothing has set since.
    pub field: Option<Field>,
    /// The edit.
    pub edit: &'a str,
    /// The version after it.
    pub version: u64,
}

impl History {
    /// The edits that made these things and that last set their fields, newest first. An edit that was reverted made
    /// nothing; what nobody made has no origin.
    pub fn blame<'a>(&'a self, entities: &[&'a str]) -> Vec<Origin<'a>> {
        let mut wanted: HashSet<&str> = entities.iter().copied().collect();
        let mut seen: HashSet<(&str, Field)> = HashSet::new();
        let mut origins = Vec::new();
        let counting = |entry: &&Entry| entry.kind == Kind::Edit && entry.state == Standing::Active;
        for entry in self.entries.iter().rev().filter(counting) {
            if wanted.is_empty() {
                break;
            }
            let origin = |entity, field| Origin { entity, field, edit: &entry.edit, version: entry.last };
            for write in entry.writes.iter().rev() {
                let Some(field) = write.field else { continue };
                if wanted.contains(&*write.entity) && seen.insert((&write.entity, field)) {
                    origins.push(origin(&*write.entity, Some(field)));
                }
            }
            for id in &entry.added {
                if wanted.remove(&**id) {
                    origins.push(origin(&**id, None));
                }
            }
        }
        origins
    }
}
