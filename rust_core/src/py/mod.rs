//! The only place that knows Python: bytes in, handles out, no logic.

use pyo3::prelude::*;

#[pymodule]
mod _native {}
