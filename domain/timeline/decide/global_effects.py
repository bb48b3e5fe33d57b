"""Decisions about effects on the whole film."""

from domain.timeline.commands import (
    AddGlobalEffect,
    GlobalEffectOp,
    RemoveGlobalEffect,
    ReorderGlobalEffects,
    UpdateGlobalEffect,
)
from domain.timeline.decide.params import new_effect, updated
from domain.timeline.events import (
    GlobalEffectAdded,
    GlobalEffectChanged,
    GlobalEffectRemoved,
    GlobalEffectsOrdered,
    TimelineFact,
)
from domain.timeline.state import State


def decide(op: GlobalEffectOp, state: State) -> list[TimelineFact]:
    """The facts of an op on the film's effects."""
    match op:
        case AddGlobalEffect():
            return [GlobalEffectAdded(new_effect(op, state), len(state.effects(None)))]
        case UpdateGlobalEffect():
            fields = updated(op, state.effect(op.effect, on_clip=False).effect, state)
            return [GlobalEffectChanged(op.effect, **fields)] if fields else []
        case RemoveGlobalEffect():
            state.effect(op.effect, on_clip=False)
            return [GlobalEffectRemoved(op.effect)]
        case ReorderGlobalEffects():
            present = [effect.id for effect in state.effects(None)]
            return [GlobalEffectsOrdered(op.effects)] if op.effects != present else []
