//! What is drawn over a picture, or behind it.

pub mod captions;
pub mod drop_shadow;
pub mod text_overlay;
