//! The fold and everything computed from it. See the design in the repository's README.

mod captions;
pub mod chain;
pub mod colour;
pub mod command;
pub mod decimal;
pub mod diff;
pub mod document;
pub mod effect;
pub mod error;
pub mod fact;
mod fold;
pub mod font;
pub mod graph;
pub mod history;
pub mod join;
mod joints;
pub mod keyframes;
pub mod layout;
pub mod limits;
pub mod media;
pub mod model;
pub mod plan;
pub mod progress;
pub mod proof;
#[cfg(feature = "python")]
mod py;
pub mod snapshot;
pub mod state;
pub mod text;
pub mod time;
mod transform;
pub mod transition;
mod wire;
