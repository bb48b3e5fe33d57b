//! What is drawn over a picture.

pub mod text_overlay;
