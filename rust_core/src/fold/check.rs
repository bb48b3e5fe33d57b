//! The rules between things, checked once at the end of a call for what it touched.

use super::{Draft, transitions};
use crate::decimal::seconds;
use crate::effect;
use crate::error::{Code, CoreError};
use crate::limits::{CLIPS, EFFECTS, TRACKS, check_point, out_of_range};
use crate::model::{Clip, MediaKind, TrackKind};
use crate::state::{Lane, Placed, State};
use crate::time::{Span, Time};
use crate::transform::VOLUME;

impl Draft {
    /// The new state, if every rule holds in it.
    pub(super) fn finish(mut self) -> Result<State, CoreError> {
        within("tracks in a project", self.state.stack.len(), TRACKS)?;
        within("clips in a project", self.state.clips.len(), CLIPS)?;
        within("effects on the whole film", self.state.film_effects.len(), EFFECTS)?;
        self.touched.sort_unstable();
        self.touched.dedup();
        for id in &self.touched {
            // one that was added and then removed has nothing left to check
            if let Some(placed) = self.state.clips.get(id) {
                check_placed(&self.state, placed)?;
                for transition in self.state.joints.of(id) {
                    transitions::check(&self.state, transition, self.joined.contains(&transition.id))?;
                }
            }
        }
        Ok(self.state)
    }
}

fn check_placed(state: &State, placed: &Placed) -> Result<(), CoreError> {
    let clip = &placed.clip;
    let lane = state.lane(&clip.track)?;
    within("effects on a clip", placed.effects.len(), EFFECTS)?;
    check_range(clip)?;
    check_fades(clip)?;
    check_kind(clip, lane)?;
    check_effects(placed, lane)?;
    check_neighbours(state, clip, lane)
}

fn check_range(clip: &Clip) -> Result<(), CoreError> {
    if clip.out_point <= clip.in_point {
        let message = "out_point must be greater than in_point";
        return Err(CoreError::new(Code::EmptyRange, message).at("out_point").about(&*clip.id));
    }
    check_point("at", clip.end()).map_err(|error| error.about(&*clip.id))?;
    match (clip.source.kind, clip.source.duration) {
        (MediaKind::Video | MediaKind::Audio, Some(Span(duration))) if clip.out_point.0 > duration => {
            let (wanted, end) = (seconds(clip.out_point), seconds(Time(duration)));
            let message = format!("out_point {wanted} s reaches past the end of the source, {end} s");
            Err(CoreError::new(Code::OutsideSource, message).at("out_point").about(&*clip.id))
        }
        _ => Ok(()),
    }
}

fn check_fades(clip: &Clip) -> Result<(), CoreError> {
    if clip.fade_in.0 + clip.fade_out.0 > clip.length().0 {
        let path = if clip.fade_out.0 > clip.length().0 { "fade_out" } else { "fade_in" };
        return Err(out_of_range(path, "the fades are longer than the clip").about(&*clip.id));
    }
    Ok(())
}

fn check_kind(clip: &Clip, lane: &Lane) -> Result<(), CoreError> {
    let (fits, message) = match lane.track.kind {
        TrackKind::Video => (clip.source.kind != MediaKind::Audio, "a video track takes moving pictures and stills"),
        TrackKind::Audio => (clip.source.sound, "an audio track takes sources with sound"),
    };
    check_moving(clip, lane)?;
    if fits {
        return Ok(());
    }
    Err(CoreError::new(Code::WrongKind, message).at("track").about(&*clip.id).about(&*clip.track))
}

/// What moves is there.
fn check_moving(clip: &Clip, lane: &Lane) -> Result<(), CoreError> {
    let message = if lane.track.kind == TrackKind::Audio && clip.motion().next().is_some() {
        "an audio track has no picture that moves; of its clips keyframes move volume"
    } else if !clip.source.sound && clip.keyframes.contains_key(VOLUME) {
        "keyframes of volume need a sound, and the clip's source has none"
    } else {
        return Ok(());
    };
    Err(CoreError::new(Code::WrongKind, message).at("keyframes").about(&*clip.id))
}

fn check_effects(placed: &Placed, lane: &Lane) -> Result<(), CoreError> {
    let (seen, heard) = (lane.track.kind == TrackKind::Video, placed.clip.source.sound);
    for on in &placed.effects {
        let definition = effect::find(&on.kind)?;
        let lacks = match (definition.needs_picture() && !seen, definition.needs_sound() && !heard) {
            (true, _) => "needs a picture, and an audio track has none",
            (_, true) => "needs a sound, and the clip's source has none",
            _ => continue,
        };
        let message = format!("{} {lacks}", on.kind);
        return Err(CoreError::new(Code::WrongKind, message).at("type").about(&*on.id).about(&*placed.clip.id));
    }
    Ok(())
}

/// No clip of its track overlaps this one. In order of starts, an overlap shows between two that are next to each other;
/// clips that nothing touched don't overlap one another.
fn check_neighbours(state: &State, clip: &Clip, lane: &Lane) -> Result<(), CoreError> {
    let key = (clip.at, clip.id.clone());
    let before = lane.order.range(..key.clone()).next_back();
    let after = lane.order.range((std::ops::Bound::Excluded(key), std::ops::Bound::Unbounded)).next();
    let neighbour = |key: Option<&(_, crate::model::Id)>| key.and_then(|(_, id)| state.clips.get(id).cloned());
    // half-open: a clip that ends at t does not touch one that starts at t
    if let Some(other) = neighbour(before).filter(|other| other.clip.end() > clip.at) {
        return Err(overlap(clip, &other.clip));
    }
    if let Some(other) = neighbour(after).filter(|other| other.clip.at < clip.end()) {
        return Err(overlap(clip, &other.clip));
    }
    Ok(())
}

fn overlap(clip: &Clip, other: &Clip) -> CoreError {
    let message = format!("clips {} and {} would overlap on track {}", clip.id, other.id, clip.track);
    CoreError::new(Code::ClipsOverlap, message).at("at").about(&*clip.id).about(&*other.id)
}

fn within(what: &str, count: usize, limit: usize) -> Result<(), CoreError> {
    if count <= limit {
        return Ok(());
    }
    Err(CoreError::new(Code::LimitExceeded, format!("at most {limit} {what}")))
}
