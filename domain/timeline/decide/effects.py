"""Decisions about effects on clips."""

from domain.timeline.commands import AddEffect, EffectOp, RemoveEffect, ReorderEffects, UpdateEffect
from domain.timeline.decide.params import new_effect, updated
from domain.timeline.events import EffectAdded, EffectChanged, EffectRemoved, EffectsOrdered, TimelineFact
from domain.timeline.state import State


def decide(op: EffectOp, state: State) -> list[TimelineFact]:
    """The facts of an op on a clip's effects."""
    match op:
        case AddEffect():
            return [EffectAdded(op.clip, new_effect(op, state), len(state.effects(op.clip)))]
        case UpdateEffect():
            fields = updated(op, state.effect(op.effect, on_clip=True).effect, state)
            return [EffectChanged(op.effect, **fields)] if fields else []
        case RemoveEffect():
            state.effect(op.effect, on_clip=True)
            return [EffectRemoved(op.effect)]
        case ReorderEffects():
            present = [effect.id for effect in state.effects(op.clip)]
            return [EffectsOrdered(op.clip, op.effects)] if op.effects != present else []
