//! The effects there are. Each has one file with its definition; discovery, schemas and checks all come from that.

mod definition;
mod describe;
mod fade;
mod normalise;
mod text_overlay;
mod volume;

pub use definition::{Default, Definition, Kind, Parameter, Scope, Takes};
pub(crate) use describe::to_json;
pub use describe::{definitions, schema};
pub use fade::{FadeIn, FadeOut};
pub use normalise::{Patch, normalise};
pub use text_overlay::TextOverlay;
pub use volume::Volume;

use crate::error::{Code, CoreError};
use crate::limits::{check_length, check_point, out_of_range};
use crate::model::{Effect as Instance, Params, Window};
use crate::time::Span;

/// A kind of effect.
pub trait Effect: Sync {
    /// What it is and takes.
    fn definition(&self) -> &'static Definition;

    /// Rules between its parameters, each of which is in its range already.
    fn check(&self, _params: &Params, _window: &Window) -> Result<(), CoreError> {
        Ok(())
    }
}

/// Every kind, in the order of discovery.
pub const ALL: [&dyn Effect; 4] = [&TextOverlay, &FadeIn, &FadeOut, &Volume];

/// The kind of that name, or `unknown_effect_type`.
pub fn find(kind: &str) -> Result<&'static dyn Effect, CoreError> {
    let found = ALL.into_iter().find(|effect| effect.definition().effect_type == kind);
    found.ok_or_else(|| CoreError::new(Code::UnknownEffectType, "no effect has that name").at("type"))
}

/// Refuses an effect that its definition does not allow: its parameters are exactly the definition's, each in its range.
pub fn check(effect: &Instance, scope: Scope) -> Result<(), CoreError> {
    check_effect(effect, scope).map_err(|error| error.about(&*effect.id))
}

fn check_effect(effect: &Instance, scope: Scope) -> Result<(), CoreError> {
    let kind = find(&effect.kind)?;
    let definition = kind.definition();
    if !definition.takes.allows(scope) {
        let message = format!("{} works {}", definition.effect_type, definition.takes.wording());
        return Err(CoreError::new(Code::BadParameter, message).at("type"));
    }
    check_window(definition, effect.window)?;
    for name in effect.params.keys() {
        definition.parameter(name)?;
    }
    for parameter in definition.parameters {
        let value = effect.params.get(parameter.name).ok_or_else(|| parameter.missing())?;
        parameter.check(value)?;
    }
    kind.check(&effect.params, &effect.window)
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
