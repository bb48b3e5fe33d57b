"""Cutting a clip in two so that the film stays as it was, as far as fades allow.

An effect that works on both sides of the cut goes on on both. What rises at the start (``fade_in``) stays with the
first part and what falls at the end (``fade_out``) goes to the second; a fade longer than its part becomes as long.
"""

from msgspec.structs import replace

from domain.errors import Refused
from domain.timeline.commands import SplitClip
from domain.timeline.events import (
    Clip,
    ClipAdded,
    ClipChanged,
    Effect,
    EffectAdded,
    EffectChanged,
    EffectRemoved,
    TimelineFact,
    Value,
    Window,
)
from domain.timeline.state import State

_RISES, _FALLS = "fade_in", "fade_out"  # the names of effects and of parameters alike


def split(op: SplitClip, state: State) -> list[TimelineFact]:
    """The first part keeps the clip's id; refuses a time that is not inside the clip."""
    clip = state.clip(op.clip)
    length = clip.out_point - clip.in_point
    cut = state.flicks(op.at) - clip.at
    if not 0 < cut < length:
        raise Refused("empty_range", "The cut must lie inside the clip", "at", [clip.id])
    later = replace(
        clip,
        id=state.name("clip", op.id),
        in_point=clip.in_point + cut,
        at=clip.at + cut,
        fade_in=0,
        fade_out=min(clip.fade_out, length - cut),
    )
    first = ClipChanged(clip.id, out_point=clip.in_point + cut, fade_in=min(clip.fade_in, cut), fade_out=0)
    return [*_kept(clip, cut, state), first, *_moved(clip, later, cut, state)]


def _kept(clip: Clip, cut: int, state: State) -> list[TimelineFact]:
    """What becomes of the effects on the first part."""
    facts: list[TimelineFact] = []
    for effect in state.effects(clip.id):
        kept = _before(effect, cut)
        if kept is None:
            facts.append(EffectRemoved(effect.id))
        elif kept != effect:
            facts.append(EffectChanged(effect.id, params=kept.params, window=kept.window))
    return facts


def _moved(clip: Clip, later: Clip, cut: int, state: State) -> list[TimelineFact]:
    """The second part with its effects."""
    length = clip.out_point - clip.in_point
    kept = [part for effect in state.effects(clip.id) if (part := _after(effect, cut, length)) is not None]
    added = (
        EffectAdded(later.id, replace(effect, id=state.another_name("effect", number)), number)
        for number, effect in enumerate(kept)
    )
    return [ClipAdded(later), *added]


def _before(effect: Effect, cut: int) -> Effect | None:
    window = effect.window
    end = None if window.duration is None else window.start + window.duration
    if window.start >= cut:
        return None
    if end is not None and end <= cut:
        return effect
    if effect.effect_type == _FALLS:
        return None
    length = cut - window.start
    duration = None if window.duration is None else length
    return replace(effect, window=Window(window.start, duration), params=_shortened(effect.params, _FALLS, length))


def _after(effect: Effect, cut: int, length: int) -> Effect | None:
    window = effect.window
    end = length if window.duration is None else window.start + window.duration
    if end <= cut:
        return None
    if window.start >= cut:
        return replace(effect, window=Window(window.start - cut, window.duration))
    if effect.effect_type == _RISES:
        return None
    rest = end - cut
    duration = None if window.duration is None else rest
    return replace(effect, window=Window(0, duration), params=_shortened(effect.params, _RISES, rest))


def _shortened(params: dict[str, Value], inner: str, length: int) -> dict[str, Value]:
    """Parameters without the fade at the cut, and with the other one no longer than the part."""
    return {name: _fade(name, value, inner, length) for name, value in params.items()}


def _fade(name: str, value: Value, inner: str, length: int) -> Value:
    if name not in (_RISES, _FALLS) or not isinstance(value, int):
        return value
    return 0 if name == inner else min(value, length)
