//! What facts about clips do.

use std::sync::Arc;

use super::Draft;
use crate::error::{Code, CoreError};
use crate::fact::{ClipAdded, ClipChanged, ClipRemoved};
use crate::limits::{check_clip, check_id};
use crate::model::Clip;
use crate::state::Placed;

impl Draft {
    pub(super) fn clip_added(&mut self, fact: &ClipAdded) -> Result<(), CoreError> {
        let clip = &fact.clip;
        self.claim(&clip.id)?;
        check_id(&clip.source.media).map_err(|error| error.at("source"))?;
        check_clip(clip)?;
        self.unlocked(&clip.track)?;
        self.lane(&clip.track)?.order.insert((clip.at, clip.id.clone()));
        let placed = Placed { clip: clip.clone(), effects: Vec::new() };
        self.state.clips.insert(clip.id.clone(), Arc::new(placed));
        self.touched.push(clip.id.clone());
        Ok(())
    }

    pub(super) fn clip_changed(&mut self, fact: &ClipChanged) -> Result<(), CoreError> {
        let before = self.state.clip(&fact.clip)?;
        let after = changed(before, fact);
        let (old_track, old_key) = (before.track.clone(), (before.at, before.id.clone()));
        check_id(&after.source.media).map_err(|error| error.at("source"))?;
        check_clip(&after)?;
        self.unlocked(&old_track)?;
        if old_track != after.track || old_key.0 != after.at {
            self.unlocked(&after.track)?;
            self.lane(&old_track)?.order.remove(&old_key);
            self.lane(&after.track)?.order.insert((after.at, after.id.clone()));
        }
        self.placed(&fact.clip)?.clip = after;
        self.touched.push(fact.clip.clone());
        Ok(())
    }

    pub(super) fn clip_removed(&mut self, fact: &ClipRemoved) -> Result<(), CoreError> {
        let placed = self.state.placed(&fact.clip)?.clone();
        let clip = &placed.clip;
        self.unlocked(&clip.track)?;
        self.lane(&clip.track)?.order.remove(&(clip.at, clip.id.clone()));
        for effect in &placed.effects {
            self.state.homes.remove(&effect.id);
        }
        self.state.joints.part(&fact.clip);
        self.state.clips.remove(&fact.clip);
        Ok(())
    }

    pub(super) fn placed(&mut self, clip: &str) -> Result<&mut Placed, CoreError> {
        let placed = self.state.clips.get_mut(clip);
        placed
            .map(Arc::make_mut)
            .ok_or_else(|| CoreError::new(Code::UnknownClip, format!("no clip {clip}")).at("clip").about(clip))
    }

    /// Refuses a change to what lies on a locked track.
    pub(super) fn unlocked(&self, track: &str) -> Result<(), CoreError> {
        let lane = self.state.lane(track).map_err(|error| error.at("track"))?;
        if lane.track.locked {
            return Err(CoreError::new(Code::TrackLocked, format!("track {track} is locked")).at("track").about(track));
        }
        Ok(())
    }
}

fn changed(before: &Clip, fact: &ClipChanged) -> Clip {
    Clip {
        id: before.id.clone(),
        track: fact.track.as_ref().unwrap_or(&before.track).clone(),
        source: fact.source.as_ref().unwrap_or(&before.source).clone(),
        in_point: fact.in_point.unwrap_or(before.in_point),
        out_point: fact.out_point.unwrap_or(before.out_point),
        at: fact.at.unwrap_or(before.at),
        volume: fact.volume.unwrap_or(before.volume),
        fade_in: fact.fade_in.unwrap_or(before.fade_in),
        fade_out: fact.fade_out.unwrap_or(before.fade_out),
        fit: fact.fit.unwrap_or(before.fit),
        transform: fact.transform.unwrap_or(before.transform),
        keyframes: fact.keyframes.as_ref().unwrap_or(&before.keyframes).clone(),
        group: fact.group.as_ref().unwrap_or(&before.group).clone(),
    }
}
