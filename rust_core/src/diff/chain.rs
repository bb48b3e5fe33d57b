//! What differs between two chains of effects, on a clip and on the film.

use std::sync::Arc;

use super::Diff;
use super::change::{clip, differing};
use crate::fact::{
    EffectAdded, EffectChanged, EffectRemoved, EffectsOrdered, Fact, GlobalEffectAdded, GlobalEffectChanged,
    GlobalEffectRemoved, GlobalEffectsOrdered,
};
use crate::model::{Effect, Id};
use crate::state::Placed;

type Chain = [Arc<Effect>];

impl Diff<'_> {
    /// Effects go first: an effect's id may come back on another clip or on the film.
    pub(super) fn remove_effects(&mut self, changed: &[(&Placed, &Placed)]) {
        for (from, to) in changed {
            for effect in from.effects.iter().filter(|effect| kept(effect, &to.effects).is_none()) {
                self.push(EffectRemoved { effect: effect.id.clone() });
            }
        }
        let (from, to) = (&self.from.film_effects, &self.to.film_effects);
        for effect in from.iter().filter(|effect| kept(effect, to).is_none()) {
            self.push(GlobalEffectRemoved { effect: effect.id.clone() });
        }
    }

    pub(super) fn change_clips(&mut self, changed: &[(&Placed, &Placed)]) {
        for (from, to) in changed {
            self.facts.extend(clip(&from.clip, &to.clip).map(Fact::from));
            rebuild(&from.effects, &to.effects, &OnClip(&to.clip.id), &mut self.facts);
        }
    }

    pub(super) fn add_effects(&mut self, placed: &Placed) {
        rebuild(&[], &placed.effects, &OnClip(&placed.clip.id), &mut self.facts);
    }

    pub(super) fn film_effects(&mut self) {
        rebuild(&self.from.film_effects, &self.to.film_effects, &OnFilm, &mut self.facts);
    }
}

/// The effect of `chain` that `effect` can become by a change.
fn kept<'a>(effect: &Effect, chain: &'a Chain) -> Option<&'a Arc<Effect>> {
    chain.iter().find(|other| other.id == effect.id && other.kind == effect.kind)
}

/// How facts say it where a chain hangs.
trait Hang {
    fn added(&self, effect: Effect, index: u32) -> Fact;
    fn changed(&self, from: &Effect, to: &Effect) -> Fact;
    fn ordered(&self, effects: Vec<Id>) -> Fact;
}

struct OnClip<'a>(&'a Id);
struct OnFilm;

impl Hang for OnClip<'_> {
    fn added(&self, effect: Effect, index: u32) -> Fact {
        EffectAdded { clip: self.0.clone(), effect, index }.into()
    }

    fn changed(&self, from: &Effect, to: &Effect) -> Fact {
        EffectChanged {
            effect: to.id.clone(),
            params: differing(&from.params, &to.params),
            window: differing(&from.window, &to.window),
            keyframes: differing(&from.keyframes, &to.keyframes),
        }
        .into()
    }

    fn ordered(&self, effects: Vec<Id>) -> Fact {
        EffectsOrdered { clip: self.0.clone(), effects }.into()
    }
}

impl Hang for OnFilm {
    fn added(&self, effect: Effect, index: u32) -> Fact {
        GlobalEffectAdded { effect, index }.into()
    }

    fn changed(&self, from: &Effect, to: &Effect) -> Fact {
        GlobalEffectChanged {
            effect: to.id.clone(),
            params: differing(&from.params, &to.params),
            window: differing(&from.window, &to.window),
            keyframes: differing(&from.keyframes, &to.keyframes),
        }
        .into()
    }

    fn ordered(&self, effects: Vec<Id>) -> Fact {
        GlobalEffectsOrdered { effects }.into()
    }
}

/// Adds, changes and orders what is left of `from` after the removals.
fn rebuild(from: &Chain, to: &Chain, hang: &impl Hang, facts: &mut Vec<Fact>) {
    let mut order: Vec<&Id> =
        from.iter().filter(|effect| kept(effect, to).is_some()).map(|effect| &effect.id).collect();
    for (index, effect) in to.iter().enumerate() {
        match kept(effect, from) {
            Some(before) if before == effect => {}
            Some(before) => facts.push(hang.changed(before, effect)),
            None => {
                let place = order.len().min(index);
                order.insert(place, &effect.id);
                facts.push(hang.added(effect.as_ref().clone(), u32::try_from(place).unwrap_or(u32::MAX)));
            }
        }
    }
    if !order.iter().copied().eq(to.iter().map(|effect| &effect.id)) {
        facts.push(hang.ordered(to.iter().map(|effect| effect.id.clone()).collect()));
    }
}
