"""Decisions about effects on clips."""

from domain.errors import Refused
from domain.timeline.commands import AddEffect, EffectOp, RemoveEffect, ReorderEffects, UpdateEffect
from domain.timeline.decide.params import new_effect, updated
from domain.timeline.events import EffectAdded, EffectChanged, EffectRemoved, EffectsOrdered, TimelineFact
from domain.timeline.state import State


def decide(op: EffectOp, state: State) -> list[TimelineFact]:
    """The facts of an op on a clip's effects."""
    match op:
        case AddEffect():
            index, effect = len(state.effects(op.clip)), new_effect(op, state)
            _within(effect.window.start, op.clip, state)
            return [EffectAdded(op.clip, effect, index)]
        case UpdateEffect():
            place = state.effect(op.effect, on_clip=True)
            fields = updated(op, place.effect, state)
            if "window" in fields and place.clip is not None:
                _within(fields["window"].start, place.clip, state)
            return [EffectChanged(op.effect, **fields)] if fields else []
        case RemoveEffect():
            state.effect(op.effect, on_clip=True)
            return [EffectRemoved(op.effect)]
        case ReorderEffects():
            present = [effect.id for effect in state.effects(op.clip)]
            return [EffectsOrdered(op.clip, op.effects)] if op.effects != present else []


def _within(start: int, clip: str, state: State) -> None:
    """An effect begins before its clip ends; later trims may still cut it off."""
    if start >= state.clip(clip).length:
        raise Refused("out_of_range", "The effect would start when its clip has ended", "start", [clip])
