//! The shape of a transition's definition.

use super::model::Transition;
use crate::colour::Rgb;
use crate::effect::{Parameter, Signature};
use crate::error::CoreError;

/// What a transition is, takes and does: the one description behind discovery, checks and plans.
#[derive(Debug)]
pub struct Definition {
    /// The name in requests and facts.
    pub transition_type: &'static str,
    /// The name for people.
    pub display_name: &'static str,
    /// What it does, exactly.
    pub description: &'static str,
    /// The family it belongs to.
    pub category: &'static str,
    /// When an agent should choose it.
    pub ai_hint: &'static str,
    /// Its parameters in the order of the docs.
    pub parameters: &'static [Parameter],
    /// What becomes of the picture.
    pub does: Does,
}

/// What becomes of the picture.
#[derive(Debug, Clone, Copy)]
pub enum Does {
    /// It is cut, in the middle of the sound's crossfade or where the transition begins or ends.
    Cut,
    /// One picture is mixed into the other: frame k of n holds k/n of the one that comes.
    Mix,
    /// One picture becomes a colour and the colour the other: frame k of the first half, of h, holds k/h of the colour, and
    /// frame k of the second, of s, k/s of the picture that comes.
    Through(Tint),
}

/// The colour that a transition goes through.
#[derive(Debug, Clone, Copy)]
pub enum Tint {
    /// This one.
    Of(Rgb),
    /// That of its parameter `color`.
    Given,
}

impl Tint {
    /// The colour in a transition.
    pub fn of(self, transition: &Transition) -> Result<Rgb, CoreError> {
        match self {
            Self::Of(colour) => Ok(colour),
            Self::Given => Rgb::parse(transition.text("color")?),
        }
    }
}

impl Definition {
    /// What it takes.
    pub const fn signature(&self) -> Signature {
        Signature { name: self.transition_type, parameters: self.parameters }
    }

    /// Whether it does nothing without pictures.
    pub const fn needs_picture(&self) -> bool {
        !matches!(self.does, Does::Cut)
    }
}
