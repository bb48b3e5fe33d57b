//! Transitions: how a clip becomes the next one. What there is, what each takes, and what becomes of the picture.

mod definition;
mod mix;
mod model;

use serde_json::{Map, Value as Json, json};

pub use definition::{Definition, Does, Tint};
pub use model::{Align, Crossfade, Transition};

use crate::effect::described;
use crate::error::{Code, CoreError};
use crate::limits::{check_length, out_of_range};
use crate::time::Span;

/// Every transition, in the order of discovery.
pub static ALL: [&Definition; 5] =
    [&mix::DISSOLVE, &mix::FADE_BLACK, &mix::FADE_WHITE, &mix::FADE_COLOR, &mix::CROSSFADE];

/// The transition of that name, or `unknown_transition_type`.
pub fn find(kind: &str) -> Result<&'static Definition, CoreError> {
    let found = ALL.into_iter().find(|transition| transition.transition_type == kind);
    found.ok_or_else(|| CoreError::new(Code::UnknownTransitionType, "no transition has that name").at("type"))
}

/// Refuses a transition that its definition does not allow, whatever clips it joins.
pub fn check(transition: &Transition) -> Result<(), CoreError> {
    let about = |error: CoreError| error.about(&*transition.id);
    find(&transition.kind).and_then(|of| of.signature().check(&transition.params)).map_err(about)?;
    if transition.from == transition.to {
        return Err(CoreError::new(Code::NotAdjacent, "a clip does not become itself").at("to").about(&*transition.to));
    }
    check_length("duration", transition.duration).map_err(about)?;
    if transition.duration == Span::ZERO {
        return Err(about(out_of_range("duration", "a transition lasts longer than nothing")));
    }
    Ok(())
}

/// Every definition, as `GET /transitions` lists them.
pub fn definitions() -> Json {
    let all = ALL.iter().map(|of| {
        let parameters: Map<String, Json> =
            of.parameters.iter().map(|each| (each.name.to_owned(), described(each))).collect();
        json!({
            "transition_type": of.transition_type,
            "display_name": of.display_name,
            "description": of.description,
            "category": of.category,
            "ai_hint": of.ai_hint,
            "parameters": parameters,
            "audio_tracks": !of.needs_picture(),
        })
    });
    all.collect()
}
