//! `History` and `Rewrite`: undo, redo and revert, and the list of edits.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use super::project::{DETACHED_FROM, Project};
use crate::error::CoreError;
use crate::history::{
    self as core, ClashLine, Filter, History as Edits, Record, Rewrite as Rewritten, Standing, Worth,
};
use crate::wire;

type Row = (u64, String, String, PyBackedBytes);

/// The undo book-keeping of one project.
#[pyclass(frozen, module = "rust_core")]
pub struct History(Mutex<Edits>);

/// What an undo, a redo or a revert comes to, before it is folded.
#[pyclass(frozen, module = "rust_core")]
pub struct Rewrite(Rewritten);

#[pymethods]
impl History {
    #[new]
    fn new() -> Self {
        Self(Mutex::default())
    }

    fn extend(&self, py: Python<'_>, records: Vec<Row>) -> PyResult<()> {
        // an edit's few records take microseconds, and getting the interpreter back can take milliseconds
        if records.len() < DETACHED_FROM {
            return Ok(self.edits().extend(&read(records))?);
        }
        Ok(py.detach(|| self.edits().extend(&read(records)))?)
    }

    fn undo(&self, py: Python<'_>, actor: Option<&str>, count: usize) -> PyResult<Rewrite> {
        Ok(Rewrite(py.detach(|| self.edits().undo(actor, count))?))
    }

    fn redo(&self, py: Python<'_>, actor: Option<&str>, count: usize) -> PyResult<Rewrite> {
        Ok(Rewrite(py.detach(|| self.edits().redo(actor, count))?))
    }

    #[pyo3(signature = (edit, also = Vec::new()))]
    #[allow(clippy::needless_pass_by_value, reason = "the binding hands over what it extracted")]
    fn revert(&self, py: Python<'_>, edit: &str, also: Vec<String>) -> PyResult<Rewrite> {
        Ok(Rewrite(py.detach(|| self.edits().revert(edit, &also))?))
    }

    #[allow(clippy::needless_pass_by_value, reason = "the binding hands over what it extracted")]
    fn blame<'py>(&self, py: Python<'py>, entities: Vec<String>) -> PyResult<Bound<'py, PyBytes>> {
        let names: Vec<&str> = entities.iter().map(String::as_str).collect();
        let origins = py.detach(|| wire::pack(&self.edits().blame(&names)));
        Ok(PyBytes::new(py, &origins?))
    }

    fn counting(&self, after: u64) -> Vec<(String, u64, u64)> {
        self.edits().counting(after).map(|(edit, first, last)| (edit.to_owned(), first, last)).collect()
    }

    fn reaches_back(&self, version: u64) -> bool {
        self.edits().reaches_back(version)
    }

    fn before(&self, py: Python<'_>, edit: &str) -> PyResult<Rewrite> {
        Ok(Rewrite(py.detach(|| self.edits().before(edit))?))
    }

    #[pyo3(signature = (before, limit, actor = None, state = None))]
    fn listed<'py>(
        &self,
        py: Python<'py>,
        before: u64,
        limit: usize,
        actor: Option<&str>,
        state: Option<&str>,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let state = state.map(worth).transpose()?;
        let lines = py.detach(|| wire::pack(&self.edits().listed(Filter { before, actor, state, limit })));
        Ok(PyBytes::new(py, &lines?))
    }
}

impl History {
    fn edits(&self) -> MutexGuard<'_, Edits> {
        // nothing in there panics between two changes that belong together
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[pymethods]
impl Rewrite {
    #[getter]
    fn changes(&self) -> Vec<(&str, bool)> {
        self.0.changes().iter().map(|(edit, becomes)| (&**edit, *becomes == Standing::Active)).collect()
    }

    #[getter]
    fn base_version(&self) -> u64 {
        self.0.base_version()
    }

    fn target(
        &self,
        py: Python<'_>,
        base: &Bound<'_, Project>,
        records: Vec<Row>,
    ) -> PyResult<(Project, Vec<(String, &'static str)>)> {
        let base = &base.get().0;
        let target = py.detach(|| self.0.target(base, &read(records)))?;
        let masked = self.0.masked().iter().map(|(entity, field)| (entity.to_string(), *field));
        Ok((Project(target), masked.collect()))
    }
}

#[pyfunction]
#[allow(clippy::needless_pass_by_value, reason = "the binding hands over what it extracted")]
pub fn clashes<'py>(
    py: Python<'py>,
    mine: (Bound<'py, Project>, Vec<Row>),
    theirs: (Bound<'py, Project>, Vec<Row>),
    apart: Vec<String>,
) -> PyResult<Bound<'py, PyBytes>> {
    let (ours, others) = (&mine.0.get().0, &theirs.0.get().0);
    let bytes = py.detach(|| -> Result<Vec<u8>, CoreError> {
        let mine = ClashLine { base: ours, records: &read(mine.1) };
        let theirs = ClashLine { base: others, records: &read(theirs.1) };
        wire::pack(&core::clashes(&mine, &theirs, &apart)?)
    });
    Ok(PyBytes::new(py, &bytes?))
}

fn worth(name: &str) -> PyResult<Worth> {
    match name {
        "active" => Ok(Worth::Active),
        "reverted" => Ok(Worth::Reverted),
        "masked" => Ok(Worth::Masked),
        _ => Err(PyValueError::new_err("a state is active, reverted or masked")),
    }
}

fn read(rows: Vec<Row>) -> Vec<Record<PyBackedBytes>> {
    rows.into_iter().map(|(version, edit, actor, payload)| Record { version, edit, actor, payload }).collect()
}
