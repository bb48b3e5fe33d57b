//! What changes all of the picture at once.

use super::definition::{Definition, Does, Tint};
use crate::colour::Rgb;
use crate::effect::Parameter;

/// One picture into the other.
pub static DISSOLVE: Definition = Definition {
    transition_type: "dissolve",
    display_name: "Dissolve",
    description: "One picture becomes the other evenly: frame k of n holds k/n of the one that comes",
    category: "mix",
    ai_hint: "Use this to pass time or to soften a cut; half a second to two seconds",
    parameters: &[],
    does: Does::Mix,
};

/// Through black.
pub static FADE_BLACK: Definition = Definition {
    transition_type: "fade_black",
    display_name: "Fade through black",
    description: "The whole picture goes to black over the first half, and the other one comes out of it over the second",
    category: "mix",
    ai_hint: "Use this to close a chapter and begin another; one to three seconds",
    parameters: &[],
    does: Does::Through(Tint::Of(Rgb::BLACK)),
};

/// Through white.
pub static FADE_WHITE: Definition = Definition {
    transition_type: "fade_white",
    display_name: "Fade through white",
    description: "The whole picture goes to white over the first half, and the other one comes out of it over the second",
    category: "mix",
    ai_hint: "Use this for a flash, a memory or a dream; short for a flash",
    parameters: &[],
    does: Does::Through(Tint::Of(Rgb::WHITE)),
};

/// Through any colour.
pub static FADE_COLOR: Definition = Definition {
    transition_type: "fade_color",
    display_name: "Fade through colour",
    description: "The whole picture goes to a colour over the first half, and the other one comes out of it over the second",
    category: "mix",
    ai_hint: "Use this to go through a brand's colour",
    parameters: &[Parameter::colour("color", "The colour: #rrggbb or a name", "#808080")],
    does: Does::Through(Tint::Given),
};

/// The sounds alone.
pub static CROSSFADE: Definition = Definition {
    transition_type: "crossfade",
    display_name: "Crossfade",
    description: "The sounds alone go over into each other; pictures are cut where the clips meet",
    category: "sound",
    ai_hint: "Use this on audio tracks, or to keep a cut between two sounds from being heard",
    parameters: &[],
    does: Does::Cut,
};
