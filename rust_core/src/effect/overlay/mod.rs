//! What is drawn over a picture.

pub mod captions;
pub mod text_overlay;
