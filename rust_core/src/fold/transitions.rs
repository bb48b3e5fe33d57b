//! What facts about transitions do, and the rules between a transition and its clips.

use super::Draft;
use crate::decimal::seconds;
use crate::effect;
use crate::error::{Code, CoreError};
use crate::fact::{TransitionAdded, TransitionChanged, TransitionRemoved};
use crate::limits::{check_id, out_of_range};
use crate::model::{Clip, MediaKind, TrackKind};
use crate::state::{Placed, State, unknown_transition};
use crate::time::{Span, Time};
use crate::transition::{self, Transition};

impl Draft {
    pub(super) fn transition_added(&mut self, fact: &TransitionAdded) -> Result<(), CoreError> {
        self.claim(&fact.transition.id)?;
        self.join(fact.transition.clone())
    }

    pub(super) fn transition_changed(&mut self, fact: &TransitionChanged) -> Result<(), CoreError> {
        let before = self.parted(&fact.transition)?;
        self.join(changed(before, fact))
    }

    pub(super) fn transition_removed(&mut self, fact: &TransitionRemoved) -> Result<(), CoreError> {
        self.parted(&fact.transition).map(drop)
    }

    fn join(&mut self, transition: Transition) -> Result<(), CoreError> {
        transition::check(&transition)?;
        for (clip, path) in [(&transition.from, "from"), (&transition.to, "to")] {
            check_id(clip).map_err(|error| error.at(path))?;
            let track = self.state.clip(clip).map_err(|error| error.at(path))?.track.clone();
            self.unlocked(&track)?;
            self.touched.push(clip.clone());
        }
        self.joined.push(transition.id.clone());
        self.state.joints.insert(transition)
    }

    /// A transition, taken out.
    fn parted(&mut self, id: &str) -> Result<Transition, CoreError> {
        let transition = self.state.transition(id)?.as_ref().clone();
        self.unlocked(&self.state.clip(&transition.from)?.track)?;
        self.state.joints.remove(id).map(|_| transition).ok_or_else(|| unknown_transition(id))
    }
}

fn changed(before: Transition, fact: &TransitionChanged) -> Transition {
    Transition {
        id: before.id,
        from: fact.from.as_ref().unwrap_or(&before.from).clone(),
        to: before.to,
        kind: fact.transition_type.as_ref().unwrap_or(&before.kind).clone(),
        params: fact.params.as_ref().unwrap_or(&before.params).clone(),
        duration: fact.duration.unwrap_or(before.duration),
        align: fact.align.unwrap_or(before.align),
        sound: fact.sound.unwrap_or(before.sound),
    }
}

/// A transition's clips lie side by side, are long enough for it, have enough of their sources beyond the cut, and no fade
/// hides them meanwhile. `new` is one that the edit itself is about.
pub(super) fn check(state: &State, transition: &Transition, new: bool) -> Result<(), CoreError> {
    let (from, to) = (state.placed(&transition.from)?, state.placed(&transition.to)?);
    let about = |error: CoreError| error.about(&*transition.id).about(&*transition.from).about(&*transition.to);
    check_side_by_side(&from.clip, &to.clip, transition, new).map_err(about)?;
    check_kind(state, &from.clip, transition).map_err(about)?;
    check_room(state, &from.clip, &to.clip, transition).map_err(about)?;
    check_handles(&from.clip, &to.clip, transition).map_err(about)?;
    check_fades(from, to).map_err(about)
}

fn check_side_by_side(from: &Clip, to: &Clip, transition: &Transition, new: bool) -> Result<(), CoreError> {
    if from.track == to.track && from.end() == to.at {
        return Ok(());
    }
    if new {
        let message = format!("clip {} does not start where clip {} ends, on the same track", to.id, from.id);
        return Err(CoreError::new(Code::NotAdjacent, message).at("to"));
    }
    let message =
        format!("clips {} and {} would come apart, and transition {} joins them", from.id, to.id, transition.id);
    Err(CoreError::new(Code::TransitionBroken, message).at("at"))
}

fn check_kind(state: &State, clip: &Clip, transition: &Transition) -> Result<(), CoreError> {
    let seen = state.track(&clip.track)?.kind == TrackKind::Video;
    if seen || !transition::find(&transition.kind)?.needs_picture() {
        return Ok(());
    }
    let message = format!("{} needs pictures, and an audio track has none: crossfade is for sound", transition.kind);
    Err(CoreError::new(Code::WrongKind, message).at("type"))
}

/// Of a clip, the transitions at its start and at its end take no moment twice.
fn check_room(state: &State, from: &Clip, to: &Clip, transition: &Transition) -> Result<(), CoreError> {
    let taken = |other: Option<&std::sync::Arc<Transition>>, side: fn(&Transition) -> Span| {
        other.map_or(Span::ZERO, |other| side(other))
    };
    let start = taken(state.joints.entering(&from.id), Transition::after);
    let end = taken(state.joints.leaving(&to.id), Transition::before);
    for (clip, needed, other) in [(from, transition.before(), start), (to, transition.after(), end)] {
        if needed.0 + other.0 > clip.length().0 {
            let (needs, has) = (said(needed), said(Span(clip.length().0 - other.0)));
            let message = format!("it takes {needs} s of clip {}, which has {has} s for it", clip.id);
            return Err(CoreError::new(Code::TransitionsOverlap, message).at("duration"));
        }
    }
    Ok(())
}

fn check_handles(from: &Clip, to: &Clip, transition: &Transition) -> Result<(), CoreError> {
    if let (MediaKind::Video | MediaKind::Audio, Some(Span(end))) = (from.source.kind, from.source.duration) {
        lacking(from, "after its out_point", transition.after(), Span(end - from.out_point.0))?;
    }
    if to.source.kind != MediaKind::Image {
        lacking(to, "before its in_point", transition.before(), to.in_point.since(Time::ZERO))?;
    }
    Ok(())
}

fn lacking(clip: &Clip, place: &str, needed: Span, there: Span) -> Result<(), CoreError> {
    if needed <= there {
        return Ok(());
    }
    let message = format!("clip {} needs {} s of its source {place}, and has {} s", clip.id, said(needed), said(there));
    Err(CoreError::new(Code::NoHandles, message).at("duration"))
}

/// What has faded out before its end, or has not faded in at its start, is not there to be joined.
fn check_fades(from: &Placed, to: &Placed) -> Result<(), CoreError> {
    for (placed, rises, own, path) in
        [(from, false, from.clip.fade_out, "fade_out"), (to, true, to.clip.fade_in, "fade_in")]
    {
        let by_effect = placed.effects.iter().any(|on| effect::rises(on) == Some(rises));
        if own > Span::ZERO || by_effect {
            let message = format!("clip {} has a {path} where the transition is: take one of them off", placed.clip.id);
            return Err(out_of_range(path, message));
        }
    }
    Ok(())
}

fn said(span: Span) -> serde_json::Number {
    seconds(Time::ZERO.plus(span))
}
