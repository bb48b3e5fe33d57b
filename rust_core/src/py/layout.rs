//! Layouts: discovery, and the places of clips.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::layout::{definitions, laid};
use crate::wire::pack;

#[pyfunction]
pub fn layout_definitions(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, definitions().to_string().as_bytes())
}

#[pyfunction]
pub fn lay_out<'py>(
    py: Python<'py>,
    layout: &str,
    params_json: &[u8],
    clips: usize,
    canvas: (u32, u32),
) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &pack(&laid(layout, params_json, clips, canvas)?)?))
}
