//! What a project is at one version: persistent structures, so that a thousand versions share what they have in common.

use std::sync::Arc;

use imbl::{HashMap, OrdSet};

use crate::error::{Code, CoreError};
use crate::joints::Joints;
use crate::model::{Clip, Effect, Id, Output, Track};
use crate::time::{Span, Time};
use crate::transition::Transition;

/// Where an effect hangs: on a clip, or on the whole film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// On that clip.
    Clip(Id),
    /// On the finished picture and mix.
    Film,
}

/// A track and the order of its clips by where they start.
#[derive(Debug, Clone)]
pub(crate) struct Lane {
    pub(crate) track: Track,
    pub(crate) order: OrdSet<(Time, Id)>,
}

/// A clip and its effects, first applied first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Placed {
    pub(crate) clip: Clip,
    pub(crate) effects: Vec<Arc<Effect>>,
}

/// The name and format of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) output: Output,
}

/// Whether there is a project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) enum Phase {
    /// Not created yet.
    #[default]
    Empty,
    /// There is one.
    Open(Arc<Head>),
    /// There was one.
    Deleted,
}

/// A project at one version. Cloning costs a few counters; [`State::apply`] copies only what it changes.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub(crate) version: u64,
    pub(crate) phase: Phase,
    pub(crate) stack: Arc<Vec<Id>>,
    pub(crate) lanes: HashMap<Id, Arc<Lane>>,
    pub(crate) clips: HashMap<Id, Arc<Placed>>,
    pub(crate) homes: HashMap<Id, Home>,
    pub(crate) film_effects: Arc<Vec<Arc<Effect>>>,
    pub(crate) joints: Joints,
}

impl State {
    /// How many facts were folded.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether the project was created and not deleted.
    pub fn exists(&self) -> bool {
        matches!(self.phase, Phase::Open(_))
    }

    pub(crate) fn head(&self) -> Result<&Arc<Head>, CoreError> {
        match &self.phase {
            Phase::Open(head) => Ok(head),
            Phase::Empty => Err(CoreError::new(Code::UnknownProject, "the project was not created yet")),
            Phase::Deleted => Err(CoreError::new(Code::UnknownProject, "the project was deleted")),
        }
    }

    /// The project's name, or `unknown_project`.
    pub fn name(&self) -> Result<&str, CoreError> {
        Ok(&self.head()?.name)
    }

    /// The film's format, or `unknown_project`.
    pub fn output(&self) -> Result<&Output, CoreError> {
        Ok(&self.head()?.output)
    }

    /// The tracks, bottom to top.
    pub fn tracks(&self) -> impl Iterator<Item = &Track> {
        self.lanes_in_order().map(|lane| &lane.track)
    }

    pub(crate) fn lanes_in_order(&self) -> impl Iterator<Item = &Arc<Lane>> {
        self.stack.iter().filter_map(|id| self.lanes.get(id))
    }

    /// One track, or `unknown_track`.
    pub fn track(&self, id: &str) -> Result<&Track, CoreError> {
        Ok(&self.lane(id)?.track)
    }

    pub(crate) fn lane(&self, id: &str) -> Result<&Arc<Lane>, CoreError> {
        self.lanes.get(id).ok_or_else(|| CoreError::new(Code::UnknownTrack, format!("no track {id}")).about(id))
    }

    /// A track's clips by where they start; none where there is no such track.
    pub fn clips_on(&self, track: &str) -> impl Iterator<Item = &Clip> {
        self.placed_on(track).map(|placed| &placed.clip)
    }

    pub(crate) fn placed_on(&self, track: &str) -> impl Iterator<Item = &Arc<Placed>> {
        let order = self.lanes.get(track).into_iter().flat_map(|lane| lane.order.iter());
        order.filter_map(|(_, id)| self.clips.get(id))
    }

    /// Every clip, by track order and then by where it starts.
    pub fn clips(&self) -> impl Iterator<Item = &Clip> {
        self.stack.iter().flat_map(|track| self.clips_on(track))
    }

    /// One clip, or `unknown_clip`.
    pub fn clip(&self, id: &str) -> Result<&Clip, CoreError> {
        Ok(&self.placed(id)?.clip)
    }

    pub(crate) fn placed(&self, id: &str) -> Result<&Arc<Placed>, CoreError> {
        self.clips.get(id).ok_or_else(|| CoreError::new(Code::UnknownClip, format!("no clip {id}")).about(id))
    }

    /// A clip's effects, first applied first, or `unknown_clip`.
    pub fn effects_of(&self, clip: &str) -> Result<&[Arc<Effect>], CoreError> {
        Ok(&self.placed(clip)?.effects)
    }

    /// Every transition, by track order and then by where it is.
    pub fn transitions(&self) -> impl Iterator<Item = &Arc<Transition>> {
        let tracks = self.stack.iter().filter(|_| !self.joints.is_empty());
        tracks.flat_map(|track| self.transitions_on(track))
    }

    pub(crate) fn transitions_on(&self, track: &str) -> impl Iterator<Item = &Arc<Transition>> {
        self.clips_on(track).filter_map(|clip| self.joints.leaving(&clip.id))
    }

    /// One transition, or `unknown_transition`.
    pub fn transition(&self, id: &str) -> Result<&Arc<Transition>, CoreError> {
        self.joints.get(id).ok_or_else(|| unknown_transition(id))
    }

    /// The transitions at the start and at the end of a clip.
    pub fn transitions_of(&self, clip: &str) -> impl Iterator<Item = &Arc<Transition>> {
        self.joints.of(clip)
    }

    /// The effects on the finished picture and mix, first applied first.
    pub fn global_effects(&self) -> &[Arc<Effect>] {
        &self.film_effects
    }

    /// Where an effect hangs, its place there, and the effect itself; or `unknown_effect`.
    pub fn effect(&self, id: &str) -> Result<(&Home, usize, &Arc<Effect>), CoreError> {
        let home = self.home(id)?;
        let siblings = match home {
            Home::Clip(clip) => self.effects_of(clip)?,
            Home::Film => self.global_effects(),
        };
        let found = siblings.iter().enumerate().find(|(_, effect)| effect.id.as_ref() == id);
        found.map(|(index, effect)| (home, index, effect)).ok_or_else(|| unknown_effect(id))
    }

    pub(crate) fn home(&self, id: &str) -> Result<&Home, CoreError> {
        self.homes.get(id).ok_or_else(|| unknown_effect(id))
    }

    /// When the last clip ends.
    pub fn duration(&self) -> Span {
        // clips of a track don't overlap, so the one that starts last ends last
        let ends = self.lanes.values().filter_map(|lane| lane.order.get_max());
        let ends = ends.filter_map(|(_, id)| self.clips.get(id)).map(|placed| placed.clip.end().since(Time::ZERO));
        ends.max().unwrap_or(Span::ZERO)
    }

    /// How many frames the film has at its own rate; none without a project.
    pub fn frames(&self) -> i64 {
        let end = Time::ZERO.plus(self.duration());
        self.output().map_or(0, |output| output.fps.boundary(end))
    }

    /// Whether a track, clip, effect or transition has that id.
    pub(crate) fn holds(&self, id: &str) -> bool {
        let on_track = self.lanes.contains_key(id) || self.clips.contains_key(id);
        on_track || self.homes.contains_key(id) || self.joints.get(id).is_some()
    }
}

pub(crate) fn unknown_effect(id: &str) -> CoreError {
    CoreError::new(Code::UnknownEffect, format!("no effect {id}")).about(id)
}

pub(crate) fn unknown_transition(id: &str) -> CoreError {
    CoreError::new(Code::UnknownTransition, format!("no transition {id}")).about(id)
}
