//! The only place that knows Python: bytes in, handles out, no logic.

mod chain;
mod effect;
mod error;
mod history;
mod join;
mod layout;
mod plan;
mod progress;
mod project;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use super::chain::{Proof, answer_digest, edit_digest, first_unproved, link};
    #[pymodule_export]
    use super::effect::{
        effect_definitions, effect_schema, normalise_params, normalise_transition, transition_definitions,
    };
    #[pymodule_export]
    use super::error::CoreError;
    #[pymodule_export]
    use super::history::{History, Rewrite, clashes};
    #[pymodule_export]
    use super::join::{join, measure_picture, measure_sound};
    #[pymodule_export]
    use super::layout::{lay_out, layout_definitions};
    #[pymodule_export]
    use super::plan::{effect_filter, missing_glyphs, plan};
    #[pymodule_export]
    use super::progress::Progress;
    #[pymodule_export]
    use super::project::Project;

    #[pymodule_export]
    const FOLD_FINGERPRINT: &str = crate::snapshot::FOLD_FINGERPRINT;
}
