//! `Project`: a handle on a folded state.

use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;

use crate::diff::diff;
use crate::error::CoreError;
use crate::fact::Fact;
use crate::model::{Clip, Effect};
use crate::state::{Home, State};
use crate::{document, snapshot, wire};

/// A project at one version. Immutable; folding makes another.
#[pyclass(frozen, module = "rust_core")]
pub struct Project(pub(crate) State);

#[derive(serde::Serialize)]
struct EffectPlace<'a> {
    clip: Option<&'a str>,
    index: usize,
    effect: &'a Effect,
}

/// As many facts as make it worth letting other threads run meanwhile.
pub const DETACHED_FROM: usize = 64;

#[pymethods]
impl Project {
    #[staticmethod]
    fn empty() -> Self {
        Self(State::default())
    }

    #[staticmethod]
    fn restore(py: Python<'_>, snapshot: &[u8]) -> PyResult<Self> {
        Ok(Self(py.detach(|| snapshot::restore(snapshot))?))
    }

    #[allow(clippy::needless_pass_by_value, reason = "the binding hands over what it extracted")]
    fn apply(&self, py: Python<'_>, facts: Vec<PyBackedBytes>) -> PyResult<Self> {
        // an edit's few facts take microseconds, and getting the interpreter back can take milliseconds
        if facts.len() < DETACHED_FROM {
            return Ok(Self(self.0.apply_payloads(&facts)?));
        }
        Ok(Self(py.detach(|| self.0.apply_payloads(&facts))?))
    }

    #[getter]
    fn version(&self) -> u64 {
        self.0.version()
    }

    #[getter]
    fn exists(&self) -> bool {
        self.0.exists()
    }

    #[getter]
    fn name(&self) -> PyResult<&str> {
        Ok(self.0.name()?)
    }

    #[getter]
    fn duration(&self) -> i64 {
        self.0.duration().0
    }

    #[getter]
    fn frames(&self) -> i64 {
        self.0.frames()
    }

    fn output<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.0.output().ok().map(|output| packed(py, output)).transpose()
    }

    fn tracks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        packed(py, &self.0.tracks().collect::<Vec<_>>())
    }

    fn track<'py>(&self, py: Python<'py>, id: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.0.track(id).ok().map(|track| packed(py, track)).transpose()
    }

    #[pyo3(signature = (track = None))]
    fn clips<'py>(&self, py: Python<'py>, track: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = py.detach(|| {
            let clips: Vec<&Clip> = match track {
                Some(track) => {
                    self.0.track(track)?;
                    self.0.clips_on(track).collect()
                }
                None => self.0.clips().collect(),
            };
            wire::pack(&clips)
        });
        Ok(PyBytes::new(py, &bytes?))
    }

    fn clip<'py>(&self, py: Python<'py>, id: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.0.clip(id).ok().map(|clip| packed(py, clip)).transpose()
    }

    fn effects<'py>(&self, py: Python<'py>, clip: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        match clip {
            Some(clip) => packed(py, self.0.effects_of(clip)?),
            None => packed(py, self.0.global_effects()),
        }
    }

    fn effect<'py>(&self, py: Python<'py>, id: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let Ok((home, index, effect)) = self.0.effect(id) else { return Ok(None) };
        let clip = match home {
            Home::Clip(clip) => Some(clip.as_ref()),
            Home::Film => None,
        };
        packed(py, &EffectPlace { clip, index, effect }).map(Some)
    }

    fn transition<'py>(&self, py: Python<'py>, id: &str) -> PyResult<Option<Bound<'py, PyBytes>>> {
        self.0.transition(id).ok().map(|transition| packed(py, transition)).transpose()
    }

    fn transitions<'py>(&self, py: Python<'py>, clip: &str) -> PyResult<Bound<'py, PyBytes>> {
        packed(py, &self.0.transitions_of(clip).collect::<Vec<_>>())
    }

    fn diff<'py>(&self, py: Python<'py>, target: &Bound<'_, Self>) -> PyResult<Vec<Bound<'py, PyBytes>>> {
        let target = &target.get().0;
        let facts: Result<Vec<_>, CoreError> = py.detach(|| diff(&self.0, target)?.iter().map(Fact::encode).collect());
        Ok(facts?.iter().map(|fact| PyBytes::new(py, fact)).collect())
    }

    fn document<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| document::json(&self.0))?))
    }

    fn fingerprint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| snapshot::fingerprint(&self.0))?))
    }

    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        Ok(PyBytes::new(py, &py.detach(|| snapshot::save(&self.0))?))
    }
}

fn packed<'py, T: serde::Serialize + ?Sized>(py: Python<'py>, value: &T) -> PyResult<Bound<'py, PyBytes>> {
    let bytes: Result<Vec<u8>, CoreError> = wire::pack(value);
    Ok(PyBytes::new(py, &bytes?))
}
