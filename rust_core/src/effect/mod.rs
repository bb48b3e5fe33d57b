//! The effects there are. Each has one file, named after it, in the folder of its category: what it is and takes, and what
//! it does. Discovery, schemas, checks and the planner all go by that. A new effect is its file and its line in [`ALL`].

mod audio;
mod blur;
mod brush;
mod color;
mod definition;
mod describe;
mod desk;
mod fade;
mod gains;
mod geometry;
mod given;
mod keying;
mod moving;
mod normalise;
mod overlay;
mod work;

pub use brush::{Brush, Letters, Subject};
pub use definition::{Default, Definition, Kind, Parameter, Scope, Signature, Takes};
pub use describe::{definitions, schema};
pub(crate) use describe::{described, property, to_json};
pub use desk::{Desk, Heard, Hears, Reach, Sounding};
pub use fade::{SMOOTH, STRAIGHT};
pub use gains::{Course, Gains, evenly};
pub use given::Given;
pub(crate) use normalise::normalised;
pub use normalise::{Patch, normalise};
pub use work::{Count, Does, Fade, Paint, Painted, Painting, Work, rises};

use crate::error::{Code, CoreError};
use crate::limits::{check_length, check_point, out_of_range};
use crate::model::{Effect as Instance, Window};
use crate::time::Span;

/// Every effect, in the order of discovery.
pub static ALL: [&Definition; 67] = [
    &overlay::text_overlay::EFFECT,
    &overlay::captions::EFFECT,
    &fade::fade_in::EFFECT,
    &fade::fade_out::EFFECT,
    &audio::volume::EFFECT,
    &audio::audio_fade_in::EFFECT,
    &audio::audio_fade_out::EFFECT,
    &audio::bandpass::EFFECT,
    &audio::channel_mix::EFFECT,
    &audio::dehum::EFFECT,
    &audio::distortion::EFFECT,
    &audio::eq_peak::EFFECT,
    &audio::high_shelf::EFFECT,
    &audio::highpass::EFFECT,
    &audio::low_shelf::EFFECT,
    &audio::lowpass::EFFECT,
    &audio::notch::EFFECT,
    &audio::phase_invert::EFFECT,
    &audio::stereo_balance::EFFECT,
    &audio::stereo_pan::EFFECT,
    &audio::stereo_width::EFFECT,
    &audio::tremolo::EFFECT,
    &color::brightness::EFFECT,
    &color::contrast::EFFECT,
    &color::saturation::EFFECT,
    &color::gamma::EFFECT,
    &color::exposure::EFFECT,
    &color::hue::EFFECT,
    &color::white_balance::EFFECT,
    &color::color_balance::EFFECT,
    &color::levels::EFFECT,
    &color::curves::EFFECT,
    &color::grayscale::EFFECT,
    &color::sepia::EFFECT,
    &color::colorize::EFFECT,
    &color::duotone::EFFECT,
    &color::invert::EFFECT,
    &color::posterize::EFFECT,
    &color::solarize::EFFECT,
    &color::threshold::EFFECT,
    &color::vignette::EFFECT,
    &color::film_grain::EFFECT,
    &color::rgb_split::EFFECT,
    &geometry::crop::EFFECT,
    &geometry::flip_horizontal::EFFECT,
    &geometry::flip_vertical::EFFECT,
    &geometry::rotate::EFFECT,
    &geometry::zoom::EFFECT,
    &geometry::pan::EFFECT,
    &geometry::mirror::EFFECT,
    &geometry::perspective::EFFECT,
    &geometry::lens_distortion::EFFECT,
    &blur::gaussian_blur::EFFECT,
    &blur::box_blur::EFFECT,
    &blur::motion_blur::EFFECT,
    &blur::region_blur::EFFECT,
    &blur::pixelate::EFFECT,
    &blur::sharpen::EFFECT,
    &blur::emboss::EFFECT,
    &keying::chroma_key::EFFECT,
    &keying::color_key::EFFECT,
    &keying::luma_key::EFFECT,
    &keying::opacity::EFFECT,
    &keying::rounded_corners::EFFECT,
    &keying::shape_mask::EFFECT,
    &keying::border::EFFECT,
    &overlay::drop_shadow::EFFECT,
];

/// The effect of that name, or `unknown_effect_type`.
pub fn find(kind: &str) -> Result<&'static Definition, CoreError> {
    let found = ALL.into_iter().find(|effect| effect.effect_type == kind);
    found.ok_or_else(|| CoreError::new(Code::UnknownEffectType, "no effect has that name").at("type"))
}

/// Refuses an effect that its definition does not allow: its parameters are exactly the definition's, each in its range.
pub fn check(effect: &Instance, scope: Scope) -> Result<(), CoreError> {
    check_effect(effect, scope).map_err(|error| error.about(&*effect.id))
}

fn check_effect(effect: &Instance, scope: Scope) -> Result<(), CoreError> {
    let definition = find(&effect.kind)?;
    if !definition.takes.allows(scope) {
        let message = format!("{} works {}", definition.effect_type, definition.takes.wording());
        return Err(CoreError::new(Code::BadParameter, message).at("type"));
    }
    check_window(definition, effect.window)?;
    definition.signature().check(&effect.params)?;
    moving::check(definition, effect)
}

fn check_window(definition: &Definition, window: Window) -> Result<(), CoreError> {
    check_point("start", window.start)?;
    match window.duration {
        None => Ok(()),
        Some(_) if definition.has("duration") => {
            let message = format!("{} lasts as long as its parameter duration says", definition.effect_type);
            Err(CoreError::new(Code::BadParameter, message).at("duration"))
        }
        Some(Span(0)) => Err(out_of_range("duration", "an effect lasts longer than nothing")),
        Some(duration) => check_length("duration", duration),
    }
}
