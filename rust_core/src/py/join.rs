//! Pieces by their headers: what is in them, and the header of the film that they are joined into.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::error::{Code, CoreError};
use crate::join::{self as core, Joined, Order};
use crate::plan::Expect;
use crate::wire::{pack, unpack};

/// The film's head, and (piece, offset, length) of what comes after it.
type Film<'py> = (Bound<'py, PyBytes>, Vec<(usize, u64, u64)>);

#[pyfunction]
pub fn join<'py>(py: Python<'py>, order: &[u8], headers: Vec<PyBackedBytes>) -> PyResult<Film<'py>> {
    let Joined { head, ranges } = py.detach(move || -> Result<Joined, CoreError> {
        let order: Order = unpack(order, Code::MalformedRequest)?;
        let headers: Vec<&[u8]> = headers.iter().map(AsRef::as_ref).collect();
        core::join(&order, &headers)
    })?;
    Ok((PyBytes::new(py, &head), ranges.iter().map(|range| (range.piece, range.offset, range.length)).collect()))
}

#[pyfunction]
pub fn measure_picture<'py>(py: Python<'py>, header: &[u8]) -> PyResult<(Bound<'py, PyBytes>, u64)> {
    measured(py, core::measure_picture(header))
}

#[pyfunction]
pub fn measure_sound<'py>(py: Python<'py>, header: &[u8]) -> PyResult<(Bound<'py, PyBytes>, u64)> {
    measured(py, core::measure_sound(header))
}

fn measured(py: Python<'_>, found: Result<(Expect, u64), CoreError>) -> PyResult<(Bound<'_, PyBytes>, u64)> {
    let (content, end) = found?;
    Ok((PyBytes::new(py, &pack(&content)?), end))
}
