"""Decisions about transitions between clips."""

from typing import Any

import msgspec
from msgspec import UNSET

from domain.core import refusing
from domain.errors import Refused
from domain.time import boundary
from domain.timeline.commands import AddTransition, RemoveTransition, TransitionOp, UpdateTransition
from domain.timeline.decide.fields import differing
from domain.timeline.decide.params import wire
from domain.timeline.events import (
    TimelineFact,
    Transition,
    TransitionAdded,
    TransitionChanged,
    TransitionRemoved,
    Value,
)
from domain.timeline.state import State
from rust_core import normalise_transition

_PARAMS = msgspec.msgpack.Decoder(dict[str, Value])


def decide(op: TransitionOp, state: State) -> list[TimelineFact]:
    """The facts of an op on a transition."""
    match op:
        case AddTransition():
            transition = _new(op, state)
            _seen(transition, state)
            return [TransitionAdded(transition)]
        case UpdateTransition():
            before = state.transition(op.transition)
            fields = _changed(op, before, state)
            if fields.keys() & {"duration", "align"}:
                _seen(msgspec.structs.replace(before, **fields), state)
            return [TransitionChanged(op.transition, **fields)] if fields else []
        case RemoveTransition():
            state.transition(op.transition)
            return [TransitionRemoved(op.transition)]


def _new(op: AddTransition, state: State) -> Transition:
    for path, clip in (("from", op.from_), ("to", op.to)):
        _clip(path, clip, state)
    return Transition(
        id=state.name("transition", op.id),
        from_=op.from_,
        to=op.to,
        transition_type=op.type,
        params=_normal(op.type, op.params, None, state),
        duration=state.flicks(op.duration),
        align=op.align,
        sound=op.sound,
    )


def _clip(path: str, clip: str, state: State) -> None:
    try:
        state.clip(clip)
    except Refused as refused:
        raise Refused(refused.code, refused.message, path, refused.ids) from None


def _changed(op: UpdateTransition, before: Transition, state: State) -> dict[str, Any]:
    kind = before.transition_type if op.type is UNSET else op.type
    current = before.params if kind == before.transition_type else None
    params = _normal(kind, op.params, current, state) if op.params or current is None else before.params
    duration = UNSET if op.duration is UNSET else state.flicks(op.duration)
    return differing(before, transition_type=kind, params=params, duration=duration, align=op.align, sound=op.sound)


def _normal(kind: str, params: dict[str, Any], current: dict[str, Value] | None, state: State) -> dict[str, Value]:
    rate = state.output.fps
    packed = None if current is None else msgspec.msgpack.encode(current)
    with refusing():
        return _PARAMS.decode(normalise_transition(kind, wire(params), packed, (rate.num, rate.den)))


def _seen(transition: Transition, state: State) -> None:
    """On a video track it shows for two frames or more: the first is the one before it. What is no length is for the
    fold to refuse."""
    clip, rate = state.clip(transition.from_), state.output.fps
    start, end = transition.around(clip.end)
    short = transition.duration > 0 and boundary(end, rate) - boundary(start, rate) < 2
    if short and state.track(clip.track).kind == "video":
        raise Refused("empty_range", "A transition on a video track lasts two frames or more", "duration")
