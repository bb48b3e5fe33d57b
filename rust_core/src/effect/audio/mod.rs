//! What changes sound.

pub mod volume;
