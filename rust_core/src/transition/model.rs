//! A transition as a value: what it joins, how, and for how long.

use serde::{Deserialize, Serialize};

use crate::error::{Code, CoreError};
use crate::model::{Id, Params, Value};
use crate::time::{Span, Time};

/// Where a transition lies about the cut between its clips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Half of it on either side.
    Center,
    /// It starts at the cut.
    Start,
    /// It ends at the cut.
    End,
}

/// How the sounds of the two clips meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crossfade {
    /// One falls as a cosine and the other rises as a sine: sounds that have nothing in common stay as loud as they are.
    EqualPower,
    /// One falls and the other rises in a straight line: the same sound on both sides stays as loud as it is.
    EqualGain,
    /// One ends at the cut and the other begins there.
    Cut,
}

/// A clip becomes the one that starts where it ends. Both show more of their sources meanwhile: nothing moves.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    /// Its id.
    pub id: Id,
    /// The clip that goes.
    pub from: Id,
    /// The clip that comes.
    pub to: Id,
    /// The definition's name, such as `dissolve`.
    #[serde(rename = "transition_type")]
    pub kind: String,
    /// Every parameter of the definition, defaults filled in.
    pub params: Params,
    /// How long it takes.
    pub duration: Span,
    /// Where it lies about the cut.
    pub align: Align,
    /// What becomes of the sound.
    pub sound: Crossfade,
}

impl Transition {
    /// How much of it comes before the cut: so much of its source the clip that comes needs before its start.
    pub const fn before(&self) -> Span {
        match self.align {
            Align::Center => Span(self.duration.0 / 2),
            Align::Start => Span::ZERO,
            Align::End => self.duration,
        }
    }

    /// How much of it comes after the cut: so much of its source the clip that goes needs after its end.
    pub const fn after(&self) -> Span {
        Span(self.duration.0 - self.before().0)
    }

    /// A parameter that is text, a name from a list, or a colour.
    pub fn text(&self, name: &str) -> Result<&str, CoreError> {
        match self.params.get(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.unreadable(name)),
        }
    }

    fn unreadable(&self, name: &str) -> CoreError {
        let message = format!("{} needs {name}", self.kind);
        CoreError::new(Code::BadParameter, message).at(format!("params.{name}")).about(&*self.id)
    }

    /// From when to when it lasts, where its clips meet at `cut`.
    pub const fn around(&self, cut: Time) -> (Time, Time) {
        (cut.plus(Span(-self.before().0)), cut.plus(self.after()))
    }
}
