//! Whether an edit that was decided on an older version may be decided again on the newest: not where anything that it
//! writes, reads or stands on was changed in between. Fields clash by name, places on tracks by the time they take.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::footprint::{self, Write};
use super::{Field, Record};
use crate::diff::diff;
use crate::error::CoreError;
use crate::fact::{ClipChanged, Fact};
use crate::model::{Clip, Id, Track};
use crate::state::{Home, State};
use crate::time::{MAX_TIME, Span, Time};
use crate::transition::Transition;

const PLACE: [Field; 5] = ["track", "source", "in_point", "out_point", "at"];
const OUTPUT: Field = "output";
const GROUP: Field = "group";
const EFFECTS: Field = "effects";

/// Something that an edit is about and that another edit changed meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clash {
    /// The edit that is about it.
    pub mine: String,
    /// The edit that changed it.
    pub edit: String,
    /// The track, clip, effect or transition; `project` for the project's own fields.
    pub entity: Id,
    /// The field; none where the thing went, or where its place on the track was taken.
    pub field: Option<Field>,
}

/// A part of a track, half-open, that an edit laid something on, took something off, or counts on.
#[derive(Debug)]
struct Stretch {
    track: Id,
    clip: Id,
    start: Time,
    end: Time,
}

/// What an edit is about.
#[derive(Debug, Default)]
struct Touched {
    writes: Vec<Write>,
    reads: Vec<Write>,
    stretches: Vec<Stretch>,
    /// The things that it made.
    added: Vec<Id>,
    /// What has to be there: the things that it changed, the clips of its effects, the tracks of its clips.
    within: Vec<Id>,
}

type Edits<'a> = Vec<(&'a str, Touched)>;

/// Edits one after the other, and the state before the first of them.
#[derive(Debug)]
pub struct Line<'a, P> {
    /// The state.
    pub base: &'a State,
    /// The edits.
    pub records: &'a [Record<P>],
}

/// Where the edits of `mine` clash with those of `theirs`: none if they may be decided again after them. The edits named
/// `apart` are folded, and are in nobody's way; neither is what `theirs` left as `mine` had found it.
pub fn clashes<P: AsRef<[u8]>>(
    mine: &Line<'_, P>,
    theirs: &Line<'_, P>,
    apart: &[String],
) -> Result<Vec<Clash>, CoreError> {
    let (base, (mine, _), (mut theirs, end)) = (mine.base, mine.touched()?, theirs.touched()?);
    let differing = Touched::by(&diff(base, &end)?, base, &end);
    for (_, touched) in &mut theirs {
        touched.leave(&differing);
    }
    let mut found: Vec<Clash> = Vec::new();
    for (edit, ours) in &mine {
        for (other, touched) in theirs.iter().filter(|(other, _)| !apart.iter().any(|apart| apart == other)) {
            for (entity, field) in ours.clashing(touched) {
                let clash = Clash { mine: (*edit).to_owned(), edit: (*other).to_owned(), entity, field };
                if !found.contains(&clash) {
                    found.push(clash);
                }
            }
        }
    }
    Ok(found)
}

impl<P: AsRef<[u8]>> Line<'_, P> {
    /// What each edit is about, and the state after them.
    fn touched(&self) -> Result<(Edits<'_>, State), CoreError> {
        let mut state = self.base.clone();
        let mut found = Vec::new();
        for run in self.records.chunk_by(|a, b| a.edit == b.edit) {
            let facts: Vec<Fact> =
                run.iter().map(|record| Fact::decode(record.payload.as_ref())).collect::<Result<_, _>>()?;
            let after = state.apply(&facts)?;
            let edit = run.first().map_or("", |record| record.edit.as_str());
            found.push((edit, Touched::by(&facts, &state, &after)));
            state = after;
        }
        Ok((found, state))
    }
}

impl Touched {
    fn by(facts: &[Fact], before: &State, after: &State) -> Self {
        let mut touched = Self::default();
        let mut placed: BTreeSet<&Id> = BTreeSet::new();
        for fact in facts {
            footprint::note(fact, &mut touched.writes);
            touched.added.extend(footprint::added(fact).cloned());
            touched.note(fact, before);
            if let Some(clip) = moved(fact) {
                placed.insert(clip);
            }
        }
        for clip in placed {
            let sides = [before, after].into_iter().filter_map(|state| state.clip(clip).ok());
            touched.stretches.extend(sides.map(Stretch::of));
        }
        touched.stretches.extend(ripples(facts, before));
        touched
    }

    fn note(&mut self, fact: &Fact, before: &State) {
        let project: Id = "project".into();
        match fact {
            Fact::TrackRemoved(fact) => {
                let (start, end) = (Time::ZERO, Time(MAX_TIME));
                self.stretches.push(Stretch { track: fact.track.clone(), clip: fact.track.clone(), start, end });
                self.order(&project, "tracks");
            }
            Fact::TrackAdded(_) => self.order(&project, "tracks"),
            Fact::ClipAdded(fact) => {
                self.within.push(fact.clip.track.clone());
                self.reads.push(Write { entity: project, field: Some(OUTPUT) });
            }
            Fact::ClipChanged(fact) => {
                let tracks = [before.clip(&fact.clip).ok().map(|clip| &clip.track), fact.track.as_ref()];
                self.within.extend(tracks.into_iter().flatten().chain([&fact.clip]).cloned());
                self.reads.push(Write { entity: project, field: Some(OUTPUT) });
                if fact.at.is_some() {
                    self.reads.push(Write { entity: fact.clip.clone(), field: Some(GROUP) });
                }
            }
            Fact::EffectAdded(fact) => self.on_clip(&fact.clip, true),
            Fact::EffectChanged(fact) => {
                self.within.push(fact.effect.clone());
                self.on_clip_of(&fact.effect, before, false);
            }
            Fact::GlobalEffectChanged(fact) => self.within.push(fact.effect.clone()),
            Fact::TrackChanged(fact) => self.within.push(fact.track.clone()),
            Fact::EffectRemoved(fact) => self.on_clip_of(&fact.effect, before, true),
            Fact::EffectsOrdered(fact) => self.within.push(fact.clip.clone()),
            Fact::TransitionAdded(fact) => self.on_clips(&fact.transition),
            Fact::TransitionChanged(fact) => {
                self.within.push(fact.transition.clone());
                self.within.extend(fact.from.clone());
                self.on_clips_of(&fact.transition, before);
            }
            Fact::TransitionRemoved(fact) => self.on_clips_of(&fact.transition, before),
            Fact::GlobalEffectAdded(_) | Fact::GlobalEffectRemoved(_) => self.order(&project, "global_effects"),
            _ => {}
        }
    }

    fn on_clip_of(&mut self, effect: &Id, before: &State, orders: bool) {
        if let Ok(Home::Clip(clip)) = before.home(effect) {
            self.on_clip(clip, orders);
        }
    }

    fn on_clips_of(&mut self, transition: &Id, before: &State) {
        if let Ok(transition) = before.transition(transition) {
            self.on_clips(transition);
        }
    }

    fn on_clips(&mut self, transition: &Transition) {
        self.on_clip(&transition.from, false);
        self.on_clip(&transition.to, false);
    }

    /// An effect or a transition is made for its clip as long as it is and where it is in its source.
    fn on_clip(&mut self, clip: &Id, orders: bool) {
        self.within.push(clip.clone());
        self.reads.extend(PLACE.iter().map(|field| Write { entity: clip.clone(), field: Some(*field) }));
        if orders {
            self.order(clip, EFFECTS);
        }
    }

    /// Another member of a list: who puts the list in order has to know it.
    fn order(&mut self, entity: &Id, list: Field) {
        self.within.push(entity.clone());
        self.reads.push(Write { entity: entity.clone(), field: Some(list) });
    }

    /// Leaves only what differs still.
    fn leave(&mut self, differing: &Self) {
        self.writes.retain(|own| differing.has(own));
        self.reads.retain(|own| differing.reads.contains(own));
        self.stretches.retain(|own| differing.stretches.iter().any(|other| own.overlaps(other)));
        self.within.retain(|id| differing.has(&Write { entity: id.clone(), field: None }));
    }

    /// Whether a field, or anything of a thing and what is on it, is other than it was.
    fn has(&self, write: &Write) -> bool {
        let set = |own: &Write| own.entity == write.entity && (own.covers(write) || write.field.is_none());
        self.writes.iter().any(set)
            || self.added.contains(&write.entity)
            || (write.field.is_none() && self.within.contains(&write.entity))
    }

    fn clashing(&self, theirs: &Self) -> Vec<(Id, Option<Field>)> {
        let mut found: Vec<(Id, Option<Field>)> = Vec::new();
        for ours in self.writes.iter().chain(&self.reads) {
            let again = theirs.writes.iter().filter(|other| other.covers(ours));
            found.extend(again.map(|other| (ours.entity.clone(), other.field)));
        }
        for ours in &self.writes {
            let listed = theirs.reads.iter().filter(|other| *other == ours && is_list(other.field));
            found.extend(listed.map(|other| (ours.entity.clone(), other.field)));
            if ours.field.is_none() {
                let inside = theirs.writes.iter().filter(|other| other.entity == ours.entity);
                found.extend(inside.map(|other| (ours.entity.clone(), other.field)));
                found.extend(theirs.within.iter().filter(|id| **id == ours.entity).map(|id| (id.clone(), None)));
            }
        }
        let gone = |id: &&Id| theirs.writes.iter().any(|other| other.field.is_none() && other.entity == **id);
        found.extend(self.within.iter().filter(gone).map(|id| (id.clone(), None)));
        for ours in &self.stretches {
            let taken = theirs.stretches.iter().filter(|other| ours.overlaps(other));
            found.extend(taken.map(|other| (other.clip.clone(), None)));
        }
        found
    }
}

fn is_list(field: Option<Field>) -> bool {
    matches!(field, Some("tracks" | EFFECTS | "global_effects"))
}

/// The rest of every track on which an edit moved whatever lay behind something that it did there: it is about all that
/// comes later, also where nothing lies yet.
fn ripples(facts: &[Fact], before: &State) -> Vec<Stretch> {
    let shifted: BTreeMap<&Id, Span> = facts.iter().filter_map(|fact| shift(fact, before)).collect();
    let caused = |track: &Id| {
        let clips = facts.iter().filter_map(moved).filter(|clip| !shifted.contains_key(clip));
        let mut tracks = clips.filter_map(|clip| before.clip(clip).ok().map(|clip| &clip.track));
        tracks.any(|other| other == track)
            || facts.iter().any(|fact| matches!(fact, Fact::ClipAdded(added) if added.clip.track == *track))
    };
    let rest = |track: &Track| {
        let clips: Vec<&Clip> = before.clips_on(&track.id).collect();
        let last = shifted.get(&clips.last()?.id)?;
        let first = clips.iter().rev().take_while(|clip| shifted.get(&clip.id) == Some(last)).last()?;
        let start = first.at.min(first.at.plus(*last));
        Some(Stretch { track: track.id.clone(), clip: first.id.clone(), start, end: Time(MAX_TIME) })
    };
    before.tracks().filter(|track| caused(&track.id)).filter_map(rest).collect()
}

/// By how much a clip that stays what it is moves on its track.
fn shift<'a>(fact: &'a Fact, before: &State) -> Option<(&'a Id, Span)> {
    let Fact::ClipChanged(change) = fact else { return None };
    let only = ClipChanged { at: change.at, ..ClipChanged::of(change.clip.clone()) };
    let at = change.at.filter(|_| *change == only)?;
    Some((&change.clip, at.since(before.clip(&change.clip).ok()?.at)))
}

/// The clip that takes another place by a fact.
fn moved(fact: &Fact) -> Option<&Id> {
    match fact {
        Fact::ClipAdded(fact) => Some(&fact.clip.id),
        Fact::ClipRemoved(fact) => Some(&fact.clip),
        Fact::ClipChanged(fact) => {
            let times = [&fact.in_point, &fact.out_point, &fact.at].into_iter().any(Option::is_some);
            (times || fact.track.is_some()).then_some(&fact.clip)
        }
        _ => None,
    }
}

impl Stretch {
    fn of(clip: &Clip) -> Self {
        Self { track: clip.track.clone(), clip: clip.id.clone(), start: clip.at, end: clip.end() }
    }

    fn overlaps(&self, other: &Self) -> bool {
        self.track == other.track && self.start < other.end && other.start < self.end
    }
}
