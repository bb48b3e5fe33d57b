//! The fold and everything computed from it. See the design in the repository's README.

pub mod error;
pub mod model;
#[cfg(feature = "python")]
mod py;
pub mod time;
