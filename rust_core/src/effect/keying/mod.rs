//! What takes parts of the picture away.

pub mod border;
pub mod chroma_key;
pub mod color_key;
pub mod luma_key;
pub mod opacity;
pub mod rounded_corners;
pub mod shape_mask;
