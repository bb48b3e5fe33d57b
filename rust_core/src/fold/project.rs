//! What facts about the project itself and about its tracks do.

use std::sync::Arc;

use imbl::OrdSet;

use super::{Draft, insert_at, permuted};
use crate::error::{Code, CoreError};
use crate::fact::{OutputSet, ProjectCreated, ProjectRenamed, TrackAdded, TrackChanged, TrackRemoved, TracksOrdered};
use crate::limits::{check_id, check_name, check_output, check_track};
use crate::state::{Head, Lane, Phase, State};

impl Draft {
    pub(super) fn project_created(&mut self, fact: &ProjectCreated) -> Result<(), CoreError> {
        check_name(&fact.name)?;
        check_output(&fact.output)?;
        self.state.phase = Phase::Open(Arc::new(Head { name: fact.name.clone(), output: fact.output.clone() }));
        Ok(())
    }

    pub(super) fn project_renamed(&mut self, fact: &ProjectRenamed) -> Result<(), CoreError> {
        check_name(&fact.name)?;
        self.head()?.name.clone_from(&fact.name);
        Ok(())
    }

    pub(super) fn project_deleted(&mut self) {
        self.touched.clear();
        self.joined.clear();
        self.state = State { version: self.state.version, phase: Phase::Deleted, ..State::default() };
    }

    pub(super) fn output_set(&mut self, fact: &OutputSet) -> Result<(), CoreError> {
        check_output(&fact.output)?;
        self.head()?.output.clone_from(&fact.output);
        Ok(())
    }

    fn head(&mut self) -> Result<&mut Head, CoreError> {
        match &mut self.state.phase {
            Phase::Open(head) => Ok(Arc::make_mut(head)),
            Phase::Empty | Phase::Deleted => Err(CoreError::new(Code::UnknownProject, "there is no project")),
        }
    }

    pub(super) fn track_added(&mut self, fact: &TrackAdded) -> Result<(), CoreError> {
        let track = &fact.track;
        self.claim(&track.id)?;
        check_track(track)?;
        insert_at(Arc::make_mut(&mut self.state.stack), fact.index, track.id.clone())?;
        let lane = Lane { track: track.clone(), order: OrdSet::new() };
        self.state.lanes.insert(track.id.clone(), Arc::new(lane));
        Ok(())
    }

    pub(super) fn track_changed(&mut self, fact: &TrackChanged) -> Result<(), CoreError> {
        let track = &mut self.lane(&fact.track)?.track;
        if let Some(name) = &fact.name {
            track.name.clone_from(name);
        }
        track.volume = fact.volume.unwrap_or(track.volume);
        track.muted = fact.muted.unwrap_or(track.muted);
        track.hidden = fact.hidden.unwrap_or(track.hidden);
        track.locked = fact.locked.unwrap_or(track.locked);
        check_track(track)
    }

    pub(super) fn track_removed(&mut self, fact: &TrackRemoved) -> Result<(), CoreError> {
        if let Some((_, clip)) = self.state.lane(&fact.track)?.order.get_min() {
            let message = format!("track {} still holds clip {clip}", fact.track);
            return Err(CoreError::new(Code::MalformedFact, message).about(&*fact.track).about(&**clip));
        }
        self.state.lanes.remove(&fact.track);
        Arc::make_mut(&mut self.state.stack).retain(|id| *id != fact.track);
        Ok(())
    }

    pub(super) fn tracks_ordered(&mut self, fact: &TracksOrdered) -> Result<(), CoreError> {
        self.state.stack = Arc::new(permuted(&self.state.stack, &fact.tracks, |id| id, "tracks")?);
        Ok(())
    }

    /// Refuses an id that is none or that another thing has.
    pub(super) fn claim(&self, id: &str) -> Result<(), CoreError> {
        check_id(id)?;
        if self.state.holds(id) {
            return Err(CoreError::new(Code::IdTaken, format!("{id} is in use in this project")).at("id").about(id));
        }
        Ok(())
    }

    pub(super) fn lane(&mut self, track: &str) -> Result<&mut Lane, CoreError> {
        let lane = self.state.lanes.get_mut(track);
        lane.map(Arc::make_mut)
            .ok_or_else(|| CoreError::new(Code::UnknownTrack, format!("no track {track}")).at("track").about(track))
    }
}
