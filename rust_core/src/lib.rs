//! The fold and everything computed from it. See the design in the repository's README.

pub mod colour;
pub mod decimal;
pub mod diff;
pub mod document;
pub mod effect;
pub mod error;
pub mod fact;
mod fold;
pub mod history;
pub mod limits;
pub mod model;
#[cfg(feature = "python")]
mod py;
pub mod snapshot;
pub mod state;
pub mod time;
mod wire;
