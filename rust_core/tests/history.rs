//! Properties of undo and redo, on histories of four actors that nobody chose, against a model that folds from the start.

#![allow(clippy::indexing_slicing, clippy::needless_pass_by_value, reason = "a test fails by panicking")]

mod random;

use proptest::prelude::*;
use random::{Attempt, attempts, try_one};
use rust_core::diff::diff;
use rust_core::error::{Code, CoreError};
use rust_core::fact::{EditRestored, EditReverted, Fact, ProjectCreated};
use rust_core::history::{History, Record, Rewrite};
use rust_core::snapshot::fingerprint;
use rust_core::state::State;

const ACTORS: [&str; 4] = ["ada", "bob", "cy", "dee"];

/// What happens next: somebody edits, undoes or redoes.
#[derive(Debug, Clone)]
enum Step {
    Edit(&'static str, Vec<Attempt>),
    Undo(Option<&'static str>, usize),
    Redo(Option<&'static str>, usize),
}

fn actors() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&ACTORS[..])
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let whose = || prop::option::weighted(0.7, actors());
    let step = prop_oneof![
        4 => (actors(), attempts(5)).prop_map(|(actor, tries)| Step::Edit(actor, tries)),
        2 => (whose(), 1..4_usize).prop_map(|(actor, count)| Step::Undo(actor, count)),
        1 => (whose(), 1..4_usize).prop_map(|(actor, count)| Step::Redo(actor, count)),
    ];
    prop::collection::vec(step, 1..30)
}

/// An edit as the model knows it.
struct Edit {
    id: String,
    facts: Vec<Fact>,
    active: bool,
}

/// A project, its log, and beside them the model: plain edits with a flag each.
#[derive(Default)]
struct World {
    head: State,
    records: Vec<Record<Vec<u8>>>,
    history: History,
    edits: Vec<Edit>,
    number: usize,
}

fn failed(error: CoreError) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

impl World {
    fn begun() -> Result<Self, TestCaseError> {
        let (_, facts) = random::project(&[]);
        let mut world = Self::default();
        world.edit("ada", facts)?;
        Ok(world)
    }

    fn edit(&mut self, actor: &str, facts: Vec<Fact>) -> Result<(), TestCaseError> {
        let id = self.append(actor, &facts)?;
        self.edits.push(Edit { id, facts, active: true });
        Ok(())
    }

    /// What the log does: fold, store, take note.
    fn append(&mut self, actor: &str, facts: &[Fact]) -> Result<String, TestCaseError> {
        self.number += 1;
        let edit = format!("edit{}", self.number);
        let mut records = Vec::new();
        for (version, fact) in (self.head.version() + 1..).zip(facts) {
            let payload = fact.encode().map_err(failed)?;
            records.push(Record { version, edit: edit.clone(), actor: actor.to_owned(), payload });
        }
        self.head = self.head.apply(facts).map_err(failed)?;
        self.history.extend(&records).map_err(failed)?;
        self.records.extend(records);
        Ok(edit)
    }

    /// The model: every active plain edit, folded from the start.
    fn modelled(&self) -> Result<State, CoreError> {
        let mut active = self.edits.iter().filter(|edit| edit.active);
        active.try_fold(State::default(), |state, edit| state.apply(&edit.facts))
    }

    fn at(&self, version: u64) -> Result<State, TestCaseError> {
        let payloads: Vec<_> = self.records.iter().filter(|r| r.version <= version).map(|r| &r.payload).collect();
        State::default().apply_payloads(&payloads).map_err(failed)
    }

    fn mark(&mut self, edits: &[String], active: bool) {
        for edit in self.edits.iter_mut().filter(|edit| edits.contains(&edit.id)) {
            edit.active = active;
        }
    }

    /// Undoes or redoes, if the history lets it; the edits concerned.
    fn rewrite(&mut self, actor: &str, rewrite: &Rewrite, undo: bool) -> Result<Vec<String>, TestCaseError> {
        let edits: Vec<String> = rewrite.edits().iter().map(ToString::to_string).collect();
        let standing = |edit: &&Edit| edits.contains(&edit.id) && edit.active == undo;
        prop_assert_eq!(self.edits.iter().filter(standing).count(), edits.len());
        let base = self.at(rewrite.base_version())?;
        let start = usize::try_from(rewrite.base_version()).unwrap_or_default();
        let target = rewrite.target(&base, self.records.get(start..).unwrap_or_default());
        self.mark(&edits, !undo);
        let modelled = self.modelled();
        let target = match (target, modelled) {
            (Ok(target), Ok(modelled)) => {
                prop_assert_eq!(fingerprint(&target), fingerprint(&modelled));
                target
            }
            (Err(refused), Err(_)) => {
                prop_assert_eq!(refused.code, Code::EditHasDependents);
                prop_assert!(!refused.ids.is_empty());
                self.mark(&edits, undo);
                return Ok(Vec::new());
            }
            (target, modelled) => {
                return Err(TestCaseError::fail(format!("{:?} but the model {:?}", target.err(), modelled.err())));
            }
        };
        let marker = |edit: &String| {
            let edit = edit.as_str().into();
            if undo { Fact::from(EditReverted { edit }) } else { EditRestored { edit }.into() }
        };
        let mut facts: Vec<Fact> = edits.iter().map(marker).collect();
        facts.extend(diff(&self.head, &target).map_err(failed)?);
        self.append(actor, &facts)?;
        prop_assert_eq!(fingerprint(&self.head), fingerprint(&target));
        Ok(edits)
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Edit(actor, tries) => {
                let mut facts = Vec::new();
                let mut state = self.head.clone();
                for one in tries {
                    if let Some((next, fact)) = try_one(&state, *one) {
                        state = next;
                        facts.push(fact);
                    }
                }
                if !facts.is_empty() {
                    self.edit(actor, facts)?;
                }
            }
            Step::Undo(actor, count) => {
                if let Ok(rewrite) = self.history.undo(*actor, *count) {
                    self.rewrite(actor.unwrap_or("ada"), &rewrite, true)?;
                }
            }
            Step::Redo(actor, count) => {
                if let Ok(rewrite) = self.history.redo(*actor, *count) {
                    self.rewrite(actor.unwrap_or("ada"), &rewrite, false)?;
                }
            }
        }
        Ok(())
    }
}

/// Every id that a fact names, as `MessagePack` text somewhere in it.
fn names(fact: &Fact, id: &str) -> bool {
    let quoted = format!("{id:?}");
    format!("{fact:?}").contains(&quoted)
}

proptest! {
    #![proptest_config(random::config(200))]

    #[test]
    fn the_document_is_the_fold_of_the_edits_that_count(steps in steps()) {
        let mut world = World::begun()?;
        for step in &steps {
            world.take(step)?;
            prop_assert_eq!(fingerprint(&world.head), fingerprint(&world.modelled().map_err(failed)?));
        }
        prop_assert_eq!(fingerprint(&world.head), fingerprint(&world.at(world.head.version())?));
        // book-keeping survives a restart
        let mut again = History::default();
        again.extend(&world.records).map_err(failed)?;
        prop_assert_eq!(again, world.history);
    }

    #[test]
    fn undo_then_redo_leaves_everything_as_it_was(steps in steps(), actor in actors(), count in 1..5_usize) {
        let mut world = World::begun()?;
        for step in &steps {
            world.take(step)?;
        }
        let before = fingerprint(&world.head);
        if let Ok(undo) = world.history.undo(Some(actor), count) {
            let undone = world.rewrite(actor, &undo, true)?;
            if !undone.is_empty() {
                let redo = world.history.redo(Some(actor), undone.len()).map_err(failed)?;
                let mut redone = world.rewrite(actor, &redo, false)?;
                redone.reverse();
                prop_assert_eq!(redone, undone);
                prop_assert_eq!(fingerprint(&world.head), before);
            }
        }
    }

    #[test]
    fn undo_touches_nothing_that_the_edit_did_not(steps in steps(), actor in actors()) {
        let mut world = World::begun()?;
        for step in &steps {
            world.take(step)?;
        }
        let before = world.head.clone();
        if let Ok(undo) = world.history.undo(Some(actor), 1) {
            let undone = world.rewrite(actor, &undo, true)?;
            let facts: Vec<&Fact> =
                world.edits.iter().filter(|edit| undone.contains(&edit.id)).flat_map(|edit| &edit.facts).collect();
            for clip in before.clips().filter(|clip| !facts.iter().any(|fact| names(fact, &clip.id))) {
                prop_assert_eq!(world.head.clip(&clip.id), Ok(clip));
            }
        }
    }

    #[test]
    fn a_new_edit_clears_its_authors_redo(steps in steps(), actor in actors(), other in actors()) {
        prop_assume!(actor != other);
        let mut world = World::begun()?;
        for step in &steps {
            world.take(step)?;
        }
        let renamed = rust_core::fact::ProjectRenamed { name: "New".to_owned() };
        let others = world.history.redo(Some(other), 100).map(|redo| redo.edits().to_vec());
        world.edit(actor, vec![renamed.into()])?;
        let refused = world.history.redo(Some(actor), 1).err().map(|error| error.code);
        prop_assert_eq!(refused, Some(Code::NothingToRedo));
        prop_assert_eq!(world.history.redo(Some(other), 100).map(|redo| redo.edits().to_vec()), others);
    }
}

#[test]
fn the_making_of_a_project_cannot_be_undone() {
    let (_, facts) = random::project(&[]);
    assert!(matches!(facts.as_slice(), [Fact::ProjectCreated(ProjectCreated { .. })]));
    let world = World::begun();
    let refused = world.map(|world| world.history.undo(None, 1).err().map(|error| error.code));
    assert!(matches!(refused, Ok(Some(Code::NothingToUndo))));
}
