"""Cutting a clip in two so that the film stays as it was, to the frame.

An effect that works on both sides of the cut goes on on both. What rises stays with the part in which it rises, what
falls with the part in which it falls. A fade can not be cut in two, nor hide a whole part: such cuts are refused.
"""

from msgspec.structs import replace

from domain.errors import Refused
from domain.time import boundary, frame_length
from domain.timeline.commands import SplitClip
from domain.timeline.events import (
    Clip,
    ClipAdded,
    ClipChanged,
    Effect,
    EffectAdded,
    EffectChanged,
    EffectRemoved,
    Keyframes,
    TimelineFact,
    Value,
    Window,
)
from domain.timeline.state import State

_RISES, _FALLS = "fade_in", "fade_out"  # the names of effects and of parameters alike


def split(op: SplitClip, state: State) -> list[TimelineFact]:
    """The first part keeps the clip's id; refuses a time outside the clip, and one that fades do not allow."""
    clip = state.clip(op.clip)
    length = clip.out_point - clip.in_point
    cut = state.flicks(op.at) - clip.at
    if not 0 < cut < length:
        raise Refused("empty_range", "The cut must lie inside the clip", "at", [clip.id])
    if clip.fade_in > cut or clip.fade_out > length - cut:
        raise _in_fade(clip.id)
    for effect in state.effects(clip.id):
        _check(effect, cut, length)
    moving = _earlier(clip.keyframes, _frames(clip, cut, state), state)
    moved = {"in_point": clip.in_point + cut, "at": clip.at + cut, "keyframes": moving}
    later = replace(clip, id=state.name("clip", op.id), fade_in=0, **moved)
    first = ClipChanged(clip.id, out_point=clip.in_point + cut, fade_out=0)
    return [*_kept(clip, cut, state), first, *_moved(clip, later, cut, state)]


def _check(effect: Effect, cut: int, length: int) -> None:
    """Refuse a cut that the two parts could not show as the one clip did."""
    start, end = _span(effect, length)
    if effect.effect_type in (_RISES, _FALLS):
        rises = effect.effect_type == _RISES
        hidden = start >= cut and start > 0 if rises else end <= cut
        # a fall that would begin with its part could not be told from one that ends with it
        unsaid = not rises and effect.window.start == cut and end != length
        if start < cut < end or hidden or unsaid:
            raise _in_fade(effect.id)
    elif start < cut < end and not (start + _amount(effect, _RISES) <= cut <= end - _amount(effect, _FALLS)):
        raise _in_fade(effect.id)


def _in_fade(name: str) -> Refused:
    message = "The cut lies in a fade, or in what a fade hides: cut elsewhere, or take the fade off first"
    return Refused("out_of_range", message, "at", [name])


def _span(effect: Effect, length: int) -> tuple[int, int]:
    """From where to where an effect works, or a fade moves, counted from the clip's start."""
    start, duration = effect.window.start, effect.window.duration
    if effect.effect_type in (_RISES, _FALLS):
        fading = _amount(effect, "duration")
        from_end = effect.effect_type == _FALLS and start == 0
        return (length - fading, length) if from_end else (start, start + fading)
    return start, length if duration is None else start + duration


def _amount(effect: Effect, name: str) -> int:
    value = effect.params.get(name, 0)
    return value if isinstance(value, int) else 0


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
    kept = [
        _going_on(part, effect, clip, cut, state)
        for effect in state.effects(clip.id)
        if (part := _after(effect, cut, length)) is not None
    ]
    added = (
        EffectAdded(later.id, replace(effect, id=state.another_name("effect", number)), number)
        for number, effect in enumerate(kept)
    )
    return [ClipAdded(later), *added]


def _going_on(part: Effect, effect: Effect, clip: Clip, cut: int, state: State) -> Effect:
    """The part of an effect behind the cut, its keys earlier by the frames that it shows before it."""
    start = effect.window.start
    shown = _frames(clip, cut, state) - boundary(start, state.output.fps) if start < cut else 0
    return replace(part, keyframes=_earlier(part.keyframes, max(shown, 0), state))


def _frames(clip: Clip, cut: int, state: State) -> int:
    """How many frames of a clip come before a cut."""
    rate = state.output.fps
    return boundary(clip.at + cut, rate) - boundary(clip.at, rate)


def _earlier(keyframes: Keyframes, frames: int, state: State) -> Keyframes:
    by = frames * frame_length(state.output.fps)
    return {name: [replace(key, t=key.t - by) for key in keys] for name, keys in keyframes.items()}


def _before(effect: Effect, cut: int) -> Effect | None:
    """The effect as it is on the first part."""
    window = effect.window
    if window.start >= cut or effect.effect_type == _FALLS:
        return None
    if effect.effect_type == _RISES or (window.duration is not None and window.start + window.duration <= cut):
        return effect
    duration = None if window.duration is None else cut - window.start
    return replace(effect, window=Window(window.start, duration), params=_without(effect.params, _FALLS))


def _after(effect: Effect, cut: int, length: int) -> Effect | None:
    """The effect as it is on the second part."""
    window, (start, end) = effect.window, _span(effect, length)
    if effect.effect_type == _RISES or end <= cut:
        return None
    if effect.effect_type == _FALLS:
        return replace(effect, window=Window(max(0, window.start - cut), None))
    if start >= cut:
        return replace(effect, window=Window(start - cut, window.duration))
    duration = None if window.duration is None else end - cut
    return replace(effect, window=Window(0, duration), params=_without(effect.params, _RISES))


def _without(params: dict[str, Value], fade: str) -> dict[str, Value]:
    """Parameters without the fade at the cut."""
    return {name: 0 if name == fade else value for name, value in params.items()}
