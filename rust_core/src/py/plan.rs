//! Plans, and what belongs to them: bytes in, bytes out.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::project::Project;
use crate::error::{Code, CoreError};
use crate::keyframes::Keyframes;
use crate::media::Library;
use crate::model::{Effect, Output, Window};
use crate::plan::{self as core, Request, Timeline};
use crate::wire::{pack, unpack};

#[pyfunction]
pub fn plan<'py>(
    py: Python<'py>,
    project: &Bound<'py, Project>,
    media: &[u8],
    request: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    let state = &project.get().0;
    let bytes = py.detach(|| -> Result<Vec<u8>, CoreError> {
        let library: Library = unpack(media, Code::MalformedRequest)?;
        let request: Request = unpack(request, Code::MalformedRequest)?;
        pack(&core::plan(&Timeline::of(state)?, &library, &request)?)
    });
    Ok(PyBytes::new(py, &bytes?))
}

#[pyfunction]
pub fn effect_filter<'py>(
    py: Python<'py>,
    effect_type: &str,
    params: &[u8],
    output: &[u8],
) -> PyResult<Bound<'py, PyBytes>> {
    Ok(PyBytes::new(py, &shown(effect_type, params, output)?))
}

fn shown(effect_type: &str, params: &[u8], output: &[u8]) -> Result<Vec<u8>, CoreError> {
    let output: Output = unpack(output, Code::MalformedRequest)?;
    let params = unpack(params, Code::BadParameter)?;
    let effect = Effect {
        id: "preview".into(),
        kind: effect_type.to_owned(),
        params,
        window: Window::WHOLE,
        keyframes: Keyframes::new(),
    };
    let shown = core::effect_filter(&effect, &output)?;
    serde_json::to_vec(&shown).map_err(|error| CoreError::new(Code::MalformedRequest, error.to_string()))
}

#[pyfunction]
pub fn missing_glyphs(font: &[u8], text: &str) -> Vec<char> {
    crate::font::missing_glyphs(font, text)
}
