//! The chain's hashes, and `Proof`: rows as the log's tables have them.

use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyList, PyTuple};

use crate::chain::{self, AnswerRow, EditRow, FactRow, HASH_BYTES, Hash};
use crate::proof::{self, Chained, Fault, Proof as Walk};

#[pyfunction]
pub fn edit_digest<'py>(py: Python<'py>, row: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &chain::edit_digest(&edit_row(row)?)?))
}

#[pyfunction]
pub fn link<'py>(
    py: Python<'py>,
    previous: &[u8],
    edit: &[u8],
    row: &Bound<'py, PyTuple>,
) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &chain::link(&hash(previous)?, &hash(edit)?, &fact_row(row)?)?))
}

#[pyfunction]
pub fn answer_digest<'py>(py: Python<'py>, row: &Bound<'py, PyTuple>) -> PyResult<Bound<'py, PyBytes>> {
    let answer = AnswerRow {
        actor: cell(row, 0)?,
        key: cell(row, 1)?,
        request_hash: cell(row, 2)?,
        status: cell(row, 3)?,
        body: cell(row, 4)?,
        edit_id: cell(row, 5)?,
    };
    Ok(PyBytes::new(py, &chain::answer_digest(&answer)?))
}

#[pyfunction]
pub fn first_unproved(py: Python<'_>, edits: &Bound<'_, PyList>, facts: &Bound<'_, PyList>) -> PyResult<Option<i64>> {
    let (edits, facts) = (rows(edits)?, rows(facts)?);
    // what can't be read is damage: an edit then proves nothing, and a fact is not proved
    let edits: Vec<_> = edits.iter().filter_map(|row| edit_row(row).ok()).collect();
    let read = |row| chained(row).and_then(|fact| Ok((fact, before(row, fact.fact.position)?)));
    let readable: Vec<_> = facts.iter().map_while(|row| read(row).ok()).collect();
    let unreadable = facts.get(readable.len()).map(|row| cell(row, 0)).transpose()?;
    Ok(py.detach(|| proof::first_unproved(edits, readable)).or(unreadable))
}

/// How far the proof of a log has come.
#[pyclass(frozen, module = "rust_core")]
pub struct Proof(Mutex<Walk>);

#[pymethods]
impl Proof {
    #[new]
    fn new(anchor: i64) -> Self {
        Self(Mutex::new(Walk::new(anchor)))
    }

    #[getter]
    fn position(&self) -> i64 {
        self.walk().position()
    }

    #[getter]
    fn chain<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.walk().chain())
    }

    #[getter]
    fn edits(&self) -> u64 {
        self.walk().edits()
    }

    #[getter]
    fn anchored<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.walk().anchored().map(|chain| PyBytes::new(py, chain))
    }

    #[getter]
    fn waiting(&self) -> usize {
        self.walk().waiting()
    }

    fn take(
        &self,
        py: Python<'_>,
        edits: &Bound<'_, PyList>,
        facts: &Bound<'_, PyList>,
        trouble: Option<String>,
    ) -> PyResult<Found> {
        let (edits, facts) = (rows(edits)?, rows(facts)?);
        let edits: Vec<_> = edits.iter().map(|row| edit_row(row).map_err(|error| unlike(py, &error))).collect();
        let facts: Vec<_> = facts
            .iter()
            .map(|row| Ok((cell(row, 0)?, chained(row).map_err(|error| unlike(py, &error)))))
            .collect::<PyResult<_>>()?;
        Ok(found(py.detach(|| {
            let mut walk = self.walk();
            for row in edits {
                walk.edit(row);
            }
            if let Some(what) = trouble {
                walk.edit(Err(what));
            }
            facts.into_iter().try_for_each(|(position, fact)| walk.fact(position, fact))
        })))
    }

    fn end(&self, counted: i64) -> Found {
        found(self.walk().end(counted))
    }
}

impl Proof {
    fn walk(&self) -> MutexGuard<'_, Walk> {
        // nothing in there panics between two changes that belong together
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The position of a fault and what it is.
type Found = Option<(i64, String)>;

fn found(outcome: Result<(), Fault>) -> Found {
    outcome.err().map(|fault| (fault.position, fault.what))
}

fn rows<'py>(list: &Bound<'py, PyList>) -> PyResult<Vec<Bound<'py, PyTuple>>> {
    list.iter().map(|row| Ok(row.cast_into::<PyTuple>()?)).collect()
}

fn edit_row<'a>(row: &'a Bound<'_, PyTuple>) -> PyResult<EditRow<'a>> {
    Ok(EditRow {
        first_position: cell(row, 0)?,
        edit_id: cell(row, 1)?,
        stream: cell(row, 2)?,
        first_version: cell(row, 3)?,
        facts: cell(row, 4)?,
        kind: cell(row, 5)?,
        actor: cell(row, 6)?,
        command: cell(row, 7)?,
        rationale: cell(row, 8)?,
        correlation_id: cell(row, 9)?,
        causation_id: cell(row, 10)?,
        time_us: cell(row, 11)?,
        answer_key: cell(row, 12)?,
        request_hash: cell(row, 13)?,
    })
}

fn fact_row<'a>(row: &'a Bound<'_, PyTuple>) -> PyResult<FactRow<'a>> {
    Ok(FactRow {
        position: cell(row, 0)?,
        stream: cell(row, 1)?,
        version: cell(row, 2)?,
        tag: cell(row, 3)?,
        payload: cell(row, 4)?,
        event_id: cell(row, 5)?,
    })
}

fn chained<'a>(row: &'a Bound<'_, PyTuple>) -> PyResult<Chained<'a>> {
    Ok(Chained { fact: fact_row(row)?, edit: cell(row, 6)?, chain: cell(row, 7)? })
}

/// The link before a fact: the log's first one follows nothing.
fn before(row: &Bound<'_, PyTuple>, position: i64) -> PyResult<Hash> {
    if position == 1 { Ok([0; HASH_BYTES]) } else { hash(cell(row, 8)?) }
}

fn cell<'a, 'py, T: FromPyObject<'a, 'py>>(row: &'a Bound<'py, PyTuple>, index: usize) -> PyResult<T>
where
    T::Error: Into<PyErr>,
{
    row.get_borrowed_item(index)?.extract().map_err(Into::into)
}

fn hash(bytes: &[u8]) -> PyResult<Hash> {
    bytes.try_into().map_err(|_| PyValueError::new_err("a hash has 32 bytes"))
}

/// A value of another type than its column's is a finding: only damage puts it there.
fn unlike(py: Python<'_>, error: &PyErr) -> String {
    format!("a value here is none that was written: {}", error.value(py))
}
