//! What moves and bends the picture.

pub mod crop;
pub mod flip_horizontal;
pub mod flip_vertical;
pub mod lens_distortion;
pub mod mirror;
pub mod pan;
pub mod perspective;
pub mod rotate;
pub mod zoom;
