//! A folded project as the planner reads it.

use crate::error::CoreError;
use crate::model::{Clip, Effect, Output, Track};
use crate::state::{Placed, State};
use crate::transition::Transition;

/// A folded project, as the planner reads it.
#[derive(Debug, Clone)]
pub struct Timeline<'a> {
    /// The film's format.
    pub output: &'a Output,
    /// The tracks, bottom to top.
    pub tracks: Vec<Lane<'a>>,
    /// Effects on the whole film, first applied first.
    pub effects: Vec<&'a Effect>,
}

/// A track with its clips, ordered by where they start.
#[derive(Debug, Clone)]
pub struct Lane<'a> {
    /// The track.
    pub track: &'a Track,
    /// Its clips; no two share a moment.
    pub clips: Vec<Laid<'a>>,
}

/// A clip with its effects and transitions.
#[derive(Debug, Clone)]
pub struct Laid<'a> {
    /// The clip.
    pub clip: &'a Clip,
    /// Its effects, first applied first.
    pub effects: Vec<&'a Effect>,
    /// The transition at its start.
    pub entering: Option<&'a Transition>,
    /// The transition at its end.
    pub leaving: Option<&'a Transition>,
}

impl<'a> Timeline<'a> {
    /// The timeline of a project; refuses `unknown_project` where there is none.
    pub fn of(state: &'a State) -> Result<Self, CoreError> {
        let tracks = state.lanes_in_order().map(|lane| Lane {
            track: &lane.track,
            clips: state.placed_on(&lane.track.id).map(|placed| Laid::of(placed, state)).collect(),
        });
        Ok(Self {
            output: state.output()?,
            tracks: tracks.collect(),
            effects: state.global_effects().iter().map(AsRef::as_ref).collect(),
        })
    }
}

impl<'a> Laid<'a> {
    fn of(placed: &'a Placed, state: &'a State) -> Self {
        let Placed { clip, effects } = placed;
        Self {
            clip,
            effects: effects.iter().map(AsRef::as_ref).collect(),
            entering: state.joints.entering(&clip.id).map(AsRef::as_ref),
            leaving: state.joints.leaving(&clip.id).map(AsRef::as_ref),
        }
    }
}
