//! What changes colours.

pub mod brightness;
pub mod color_balance;
pub mod colorize;
pub mod contrast;
pub mod curves;
pub mod duotone;
pub mod exposure;
pub mod film_grain;
pub mod gamma;
pub mod grayscale;
pub mod hue;
pub mod invert;
pub mod levels;
pub mod posterize;
pub mod rgb_split;
pub mod saturation;
pub mod sepia;
pub mod solarize;
pub mod threshold;
pub mod vignette;
pub mod white_balance;
