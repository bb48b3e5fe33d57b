//! What facts about effects do, on a clip and on the whole film.

use std::sync::Arc;

use super::{Draft, insert_at, permuted};
use crate::effect::{self, Scope};
use crate::error::CoreError;
use crate::fact::{
    EffectAdded, EffectChanged, EffectRemoved, EffectsOrdered, GlobalEffectAdded, GlobalEffectChanged,
    GlobalEffectRemoved, GlobalEffectsOrdered,
};
use crate::keyframes::Keyframes;
use crate::model::{Effect, Id, Params, Window};
use crate::state::{Home, unknown_effect};

type Chain = Vec<Arc<Effect>>;

impl Draft {
    pub(super) fn effect_added(&mut self, fact: &EffectAdded) -> Result<(), CoreError> {
        self.claim(&fact.effect.id)?;
        effect::check(&fact.effect, Scope::Clip)?;
        self.unlocked_clip(&fact.clip)?;
        insert_at(self.chain(&Home::Clip(fact.clip.clone()))?, fact.index, Arc::new(fact.effect.clone()))?;
        self.state.homes.insert(fact.effect.id.clone(), Home::Clip(fact.clip.clone()));
        self.touched.push(fact.clip.clone());
        Ok(())
    }

    pub(super) fn global_effect_added(&mut self, fact: &GlobalEffectAdded) -> Result<(), CoreError> {
        self.claim(&fact.effect.id)?;
        effect::check(&fact.effect, Scope::Film)?;
        insert_at(self.chain(&Home::Film)?, fact.index, Arc::new(fact.effect.clone()))?;
        self.state.homes.insert(fact.effect.id.clone(), Home::Film);
        Ok(())
    }

    pub(super) fn effect_changed(&mut self, fact: &EffectChanged) -> Result<(), CoreError> {
        let home = self.home_on_clip(&fact.effect)?;
        let change = (fact.params.as_ref(), fact.window, fact.keyframes.as_ref());
        self.change(&home, Scope::Clip, &fact.effect, change)
    }

    pub(super) fn global_effect_changed(&mut self, fact: &GlobalEffectChanged) -> Result<(), CoreError> {
        let home = self.home_on_film(&fact.effect)?;
        let change = (fact.params.as_ref(), fact.window, fact.keyframes.as_ref());
        self.change(&home, Scope::Film, &fact.effect, change)
    }

    pub(super) fn effect_removed(&mut self, fact: &EffectRemoved) -> Result<(), CoreError> {
        let home = self.home_on_clip(&fact.effect)?;
        self.remove(&home, &fact.effect)
    }

    pub(super) fn global_effect_removed(&mut self, fact: &GlobalEffectRemoved) -> Result<(), CoreError> {
        let home = self.home_on_film(&fact.effect)?;
        self.remove(&home, &fact.effect)
    }

    pub(super) fn effects_ordered(&mut self, fact: &EffectsOrdered) -> Result<(), CoreError> {
        self.unlocked_clip(&fact.clip)?;
        self.order(&Home::Clip(fact.clip.clone()), &fact.effects)
    }

    pub(super) fn global_effects_ordered(&mut self, fact: &GlobalEffectsOrdered) -> Result<(), CoreError> {
        self.order(&Home::Film, &fact.effects)
    }

    fn change(
        &mut self,
        home: &Home,
        scope: Scope,
        id: &str,
        (params, window, keyframes): (Option<&Params>, Option<Window>, Option<&Keyframes>),
    ) -> Result<(), CoreError> {
        let found = self.chain(home)?.iter_mut().find(|effect| effect.id.as_ref() == id);
        let effect = Arc::make_mut(found.ok_or_else(|| unknown_effect(id))?);
        if let Some(params) = params {
            effect.params.clone_from(params);
        }
        effect.window = window.unwrap_or(effect.window);
        if let Some(keyframes) = keyframes {
            effect.keyframes.clone_from(keyframes);
        }
        effect::check(effect, scope)
    }

    fn remove(&mut self, home: &Home, id: &Id) -> Result<(), CoreError> {
        self.chain(home)?.retain(|effect| effect.id != *id);
        self.state.homes.remove(id);
        Ok(())
    }

    fn order(&mut self, home: &Home, wanted: &[Id]) -> Result<(), CoreError> {
        let chain = self.chain(home)?;
        *chain = permuted(chain, wanted, |effect| &effect.id, "effects")?;
        Ok(())
    }

    fn chain(&mut self, home: &Home) -> Result<&mut Chain, CoreError> {
        match home {
            Home::Clip(clip) => Ok(&mut self.placed(clip)?.effects),
            Home::Film => Ok(Arc::make_mut(&mut self.state.film_effects)),
        }
    }

    fn home_on_clip(&self, id: &str) -> Result<Home, CoreError> {
        let home = self.state.home(id)?;
        let Home::Clip(clip) = home else { return Err(unknown_effect(id)) };
        self.unlocked_clip(clip)?;
        Ok(home.clone())
    }

    fn home_on_film(&self, id: &str) -> Result<Home, CoreError> {
        match self.state.home(id)? {
            Home::Film => Ok(Home::Film),
            Home::Clip(_) => Err(unknown_effect(id)),
        }
    }

    fn unlocked_clip(&self, clip: &str) -> Result<(), CoreError> {
        self.unlocked(&self.state.clip(clip).map_err(|error| error.at("clip"))?.track)
    }
}
