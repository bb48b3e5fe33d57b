//! Which fields an edit set: how a later edit is found to have overwritten an earlier one's value.

use crate::fact::{ClipChanged, Fact, TrackChanged, TransitionChanged};
use crate::model::Id;

/// A field of the document.
pub type Field = &'static str;

/// A field that an edit set, or an entity that it took away with all of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Write {
    /// The track, clip, effect or transition; `project` for the project's own fields.
    pub(super) entity: Id,
    /// The field; none where the entity is gone.
    pub(super) field: Option<Field>,
}

impl Write {
    /// Whether it leaves nothing of what `earlier` set.
    pub(super) fn covers(&self, earlier: &Self) -> bool {
        self.entity == earlier.entity && (self.field.is_none() || self.field == earlier.field)
    }
}

/// Adds what a fact sets to `writes`. What it adds is no field of something that was there, so nothing can mask it.
pub(super) fn note(fact: &Fact, writes: &mut Vec<Write>) {
    let project: Id = "project".into();
    let mut set = |entity: &Id, fields: &[(Field, bool)]| {
        let fields = fields.iter().filter(|(_, is_set)| *is_set);
        writes.extend(fields.map(|(field, _)| Write { entity: entity.clone(), field: Some(*field) }));
    };
    match fact {
        Fact::ProjectRenamed(_) => set(&project, &[("name", true)]),
        Fact::OutputSet(_) => set(&project, &[("output", true)]),
        Fact::TracksOrdered(_) => set(&project, &[("tracks", true)]),
        Fact::GlobalEffectsOrdered(_) => set(&project, &[("global_effects", true)]),
        Fact::EffectsOrdered(fact) => set(&fact.clip, &[("effects", true)]),
        Fact::TrackChanged(fact) => set(&fact.track, &track_fields(fact)),
        Fact::ClipChanged(fact) => set(&fact.clip, &clip_fields(fact)),
        Fact::EffectChanged(fact) => {
            let (params, window) = (fact.params.is_some(), fact.window.is_some());
            set(&fact.effect, &[("params", params), ("window", window), ("keyframes", fact.keyframes.is_some())]);
        }
        Fact::GlobalEffectChanged(fact) => {
            let (params, window) = (fact.params.is_some(), fact.window.is_some());
            set(&fact.effect, &[("params", params), ("window", window), ("keyframes", fact.keyframes.is_some())]);
        }
        Fact::TransitionChanged(fact) => set(&fact.transition, &transition_fields(fact)),
        Fact::TrackRemoved(fact) => writes.push(Write { entity: fact.track.clone(), field: None }),
        Fact::ClipRemoved(fact) => writes.push(Write { entity: fact.clip.clone(), field: None }),
        Fact::EffectRemoved(fact) => writes.push(Write { entity: fact.effect.clone(), field: None }),
        Fact::TransitionRemoved(fact) => writes.push(Write { entity: fact.transition.clone(), field: None }),
        Fact::GlobalEffectRemoved(fact) => writes.push(Write { entity: fact.effect.clone(), field: None }),
        Fact::ProjectCreated(_)
        | Fact::ProjectDeleted(_)
        | Fact::TrackAdded(_)
        | Fact::ClipAdded(_)
        | Fact::EffectAdded(_)
        | Fact::TransitionAdded(_)
        | Fact::GlobalEffectAdded(_)
        | Fact::ForkedFrom(_)
        | Fact::MergedFrom(_)
        | Fact::EditReverted(_)
        | Fact::EditRestored(_) => {}
    }
}

/// The thing that a fact makes.
pub(super) const fn added(fact: &Fact) -> Option<&Id> {
    match fact {
        Fact::TrackAdded(fact) => Some(&fact.track.id),
        Fact::ClipAdded(fact) => Some(&fact.clip.id),
        Fact::EffectAdded(fact) => Some(&fact.effect.id),
        Fact::TransitionAdded(fact) => Some(&fact.transition.id),
        Fact::GlobalEffectAdded(fact) => Some(&fact.effect.id),
        _ => None,
    }
}

fn track_fields(fact: &TrackChanged) -> [(Field, bool); 5] {
    [
        ("name", fact.name.is_some()),
        ("volume", fact.volume.is_some()),
        ("muted", fact.muted.is_some()),
        ("hidden", fact.hidden.is_some()),
        ("locked", fact.locked.is_some()),
    ]
}

fn clip_fields(fact: &ClipChanged) -> [(Field, bool); 12] {
    [
        ("track", fact.track.is_some()),
        ("source", fact.source.is_some()),
        ("in_point", fact.in_point.is_some()),
        ("out_point", fact.out_point.is_some()),
        ("at", fact.at.is_some()),
        ("volume", fact.volume.is_some()),
        ("fade_in", fact.fade_in.is_some()),
        ("fade_out", fact.fade_out.is_some()),
        ("fit", fact.fit.is_some()),
        ("transform", fact.transform.is_some()),
        ("keyframes", fact.keyframes.is_some()),
        ("group", fact.group.is_some()),
    ]
}

fn transition_fields(fact: &TransitionChanged) -> [(Field, bool); 6] {
    [
        ("from", fact.from.is_some()),
        ("type", fact.transition_type.is_some()),
        ("params", fact.params.is_some()),
        ("duration", fact.duration.is_some()),
        ("align", fact.align.is_some()),
        ("sound", fact.sound.is_some()),
    ]
}
