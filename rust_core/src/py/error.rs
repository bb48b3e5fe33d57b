//! Refusals as Python sees them: one exception with the code, the place and the ids as attributes.

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::error::CoreError as Refusal;

create_exception!(_native, CoreError, PyValueError, "A refusal of the core: attributes code, message, path and ids.");

impl From<Refusal> for PyErr {
    fn from(refusal: Refusal) -> Self {
        let error = CoreError::new_err(refusal.message.clone());
        let attributes = Python::attach(|py| {
            let raised = error.value(py);
            raised.setattr("code", refusal.code.name())?;
            raised.setattr("message", refusal.message)?;
            raised.setattr("path", refusal.path)?;
            raised.setattr("ids", refusal.ids)
        });
        attributes.err().unwrap_or(error)
    }
}
