//! Proving a log: its facts and their edits walked side by side, up to the first thing that is wrong.

use std::collections::{HashMap, VecDeque};

use crate::chain::{EditRow, FactRow, HASH_BYTES, Hash, edit_digest, link};

/// The first thing that is wrong, and the position where it shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub position: i64,
    /// What, for people.
    pub what: String,
}

/// A fact with what its row says of its edit and of the chain.
#[derive(Debug, Clone, Copy)]
pub struct Chained<'a> {
    /// The fact.
    pub fact: FactRow<'a>,
    /// The first position of its edit.
    pub edit: i64,
    /// Its link.
    pub chain: &'a [u8],
}

/// Where an edit says that its facts stand.
#[derive(Debug, Clone)]
struct Edit {
    stream: String,
    first_position: i64,
    first_version: i64,
    facts: i64,
    digest: Hash,
}

impl Edit {
    fn of(row: &EditRow<'_>) -> Result<Self, String> {
        Ok(Self {
            stream: row.stream.to_owned(),
            first_position: row.first_position,
            first_version: row.first_version,
            facts: row.facts,
            digest: edit_digest(row).map_err(|error| error.message)?,
        })
    }

    const fn end(&self) -> i64 {
        self.first_position.saturating_add(self.facts)
    }

    fn holds(&self, fact: &Chained<'_>) -> bool {
        let offset = fact.fact.position.checked_sub(self.first_position);
        fact.edit == self.first_position
            && fact.fact.stream == self.stream
            && fact.fact.version.checked_sub(self.first_version) == offset
    }
}

/// Facts from anywhere in a log, each with the link before it, and the edits that they belong to, in the order of their
/// positions: the position of the first fact that is not what was written there.
pub fn first_unproved<'a>(
    edits: impl IntoIterator<Item = EditRow<'a>>,
    facts: impl IntoIterator<Item = (Chained<'a>, Hash)>,
) -> Option<i64> {
    let edits: Vec<_> = edits.into_iter().filter_map(|row| Edit::of(&row).ok()).collect();
    let proves = |fact: &Chained<'_>, before: &Hash| {
        let at = edits.binary_search_by_key(&fact.edit, |edit| edit.first_position).ok();
        at.and_then(|at| edits.get(at)).is_some_and(|edit| {
            edit.holds(fact) && link(before, &edit.digest, &fact.fact).is_ok_and(|chain| chain == fact.chain)
        })
    };
    let mut facts = facts.into_iter();
    facts.find(|(fact, before)| !proves(fact, before)).map(|(fact, _)| fact.fact.position)
}

/// How far a proof has come. The first fault ends it.
#[derive(Debug)]
pub struct Proof {
    position: i64,
    chain: Hash,
    edits: u64,
    anchor: i64,
    anchored: Option<Hash>,
    current: Option<Edit>,
    /// Edits whose facts have not come yet; why one can't be read, where it can't.
    waiting: VecDeque<Result<Edit, String>>,
    versions: HashMap<String, i64>,
}

impl Proof {
    /// Of a log from its first fact on, noting the link at the position `anchor`.
    pub fn new(anchor: i64) -> Self {
        Self {
            position: 0,
            chain: [0; HASH_BYTES],
            edits: 0,
            anchor,
            anchored: None,
            current: None,
            waiting: VecDeque::new(),
            versions: HashMap::new(),
        }
    }

    /// The last position that holds.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// The link there.
    pub fn chain(&self) -> &Hash {
        &self.chain
    }

    /// How many edits were met.
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// The link at the anchor's position, once that is passed.
    pub fn anchored(&self) -> Option<&Hash> {
        self.anchored.as_ref()
    }

    /// How many edits wait for their facts.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// The next edit, or why it can't be read.
    pub fn edit(&mut self, row: Result<EditRow<'_>, String>) {
        self.waiting.push_back(row.and_then(|row| Edit::of(&row)));
    }

    /// The next fact, or why all of it but its position can't be read.
    pub fn fact(&mut self, position: i64, fact: Result<Chained<'_>, String>) -> Result<(), Fault> {
        let expected = self.position.saturating_add(1);
        if position != expected {
            return broken(expected, format!("the fact at this position is missing; the next one is {position}"));
        }
        let fact = fact.map_err(|what| Fault { position, what })?;
        self.step_to_edit_at(position)?;
        let Some(edit) = &self.current else { return missing_edit(position) };
        if !edit.holds(&fact) {
            return broken(position, "this fact does not belong to the edit that stands here");
        }
        let chain =
            link(&self.chain, &edit.digest, &fact.fact).map_err(|error| Fault { position, what: error.message })?;
        if chain != fact.chain {
            return broken(position, "this fact or its edit is not what was written here: changed, moved or forged");
        }
        self.continue_stream(&fact.fact)?;
        (self.position, self.chain) = (position, chain);
        if position == self.anchor {
            self.anchored = Some(chain);
        }
        Ok(())
    }

    /// Nothing may be left over that points past the last fact; `counted` is how many facts the log has ever held.
    pub fn end(&self, counted: i64) -> Result<(), Fault> {
        let after = self.position.saturating_add(1);
        if let Some(edit) = self.current.as_ref().filter(|edit| edit.end() != after) {
            let from = edit.first_position;
            return broken(after, format!("the log was cut off: the edit at {from} has facts from here on"));
        }
        match self.waiting.front() {
            Some(Ok(_)) => broken(after, "the log was cut off: an edit has its facts from here on"),
            Some(Err(what)) => broken(after, what.as_str()),
            None if counted != self.position => {
                broken(after, format!("the log was cut off: it has held {counted} facts"))
            }
            None => Ok(()),
        }
    }

    fn step_to_edit_at(&mut self, position: i64) -> Result<(), Fault> {
        if self.current.as_ref().is_some_and(|edit| position < edit.end()) {
            return Ok(());
        }
        match self.waiting.pop_front() {
            Some(Ok(edit)) if edit.first_position == position => {
                self.current = Some(edit);
                self.edits += 1;
                Ok(())
            }
            Some(Ok(edit)) if edit.first_position < position => broken(position, "an edit here has no facts"),
            Some(Err(what)) => broken(position, what),
            _ => missing_edit(position),
        }
    }

    fn continue_stream(&mut self, fact: &FactRow<'_>) -> Result<(), Fault> {
        let (stream, version) = (fact.stream, fact.version);
        let last = self.versions.get_mut(stream);
        // the application counts from 1, the library's own aggregates may count from 0
        let expected = last.as_ref().map_or(i64::from(version != 0), |last| last.saturating_add(1));
        if version != expected {
            return broken(fact.position, format!("version {version} does not continue {stream}"));
        }
        match last {
            Some(last) => *last = version,
            None => {
                self.versions.insert(stream.to_owned(), version);
            }
        }
        Ok(())
    }
}

fn missing_edit(position: i64) -> Result<(), Fault> {
    broken(position, "the edit of this fact is missing")
}

fn broken(position: i64, what: impl Into<String>) -> Result<(), Fault> {
    Err(Fault { position, what: what.into() })
}
