//! `Progress`: FFmpeg's own reports.

use pyo3::prelude::*;

use crate::progress::Progress as Reports;

/// How far one FFmpeg process is.
#[pyclass(module = "rust_core")]
#[derive(Default)]
pub struct Progress(Reports);

#[pymethods]
impl Progress {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    fn feed(&mut self, piece: &[u8]) {
        self.0.feed(piece);
    }

    #[getter]
    const fn frames(&self) -> u64 {
        self.0.frames()
    }

    #[getter]
    const fn micros(&self) -> u64 {
        self.0.micros()
    }
}
