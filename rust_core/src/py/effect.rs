//! Effects and transitions: discovery, and parameters from requests.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::effect::{Patch, Signature, definitions, find, normalise, schema};
use crate::error::{Code, CoreError};
use crate::model::Params;
use crate::time::Rate;
use crate::transition;
use crate::wire::{pack, unpack};

#[pyfunction]
pub fn effect_definitions(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, definitions().to_string().as_bytes())
}

#[pyfunction]
pub fn effect_schema<'py>(py: Python<'py>, effect_type: &str) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, schema(effect_type)?.to_string().as_bytes()))
}

#[pyfunction]
#[pyo3(signature = (effect_type, params_json, current = None, rate = None))]
pub fn normalise_params<'py>(
    py: Python<'py>,
    effect_type: &str,
    params_json: &[u8],
    current: Option<&[u8]>,
    rate: Option<(u32, u32)>,
) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &normalised(find(effect_type)?.signature(), params_json, current, rate)?))
}

#[pyfunction]
pub fn transition_definitions(py: Python<'_>) -> Bound<'_, PyBytes> {
    PyBytes::new(py, transition::definitions().to_string().as_bytes())
}

#[pyfunction]
#[pyo3(signature = (transition_type, params_json, current = None, rate = None))]
pub fn normalise_transition<'py>(
    py: Python<'py>,
    transition_type: &str,
    params_json: &[u8],
    current: Option<&[u8]>,
    rate: Option<(u32, u32)>,
) -> PyResult<Bound<'py, PyBytes>> {
    let takes = transition::find(transition_type)?.signature();
    Ok(PyBytes::new(py, &normalised(takes, params_json, current, rate)?))
}

fn normalised(
    takes: Signature,
    params_json: &[u8],
    current: Option<&[u8]>,
    rate: Option<(u32, u32)>,
) -> Result<Vec<u8>, CoreError> {
    let rate = rate.map(|(num, den)| Rate::new(num, den)).transpose()?;
    let current: Option<Params> = current.map(|bytes| unpack(bytes, Code::BadParameter)).transpose()?;
    pack(&normalise(takes, params_json, current.as_ref().map_or(Patch::Defaults, Patch::Over), rate)?)
}
