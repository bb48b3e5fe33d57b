"""Cutting a clip in two so that the film stays as it was, to the frame.

An effect that works on both sides of the cut goes on on both. What rises stays with the part in which it rises, what
falls with the part in which it falls. A fade can not be cut in two, nor hide a whole part: such cuts are refused.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from domain.errors import Refused
from domain.time import boundary, frame_length
from domain.timeline.decide.params import HEARD
from domain.timeline.events import (
    Clip,
    ClipAdded,
    ClipChanged,
    Effect,
    EffectAdded,
    EffectChanged,
    EffectRemoved,
    Key,
    Rate,
    TimelineFact,
    TransitionChanged,
    Value,
    Window,
)
from domain.timeline.state import State

_RISES, _FALLS = "fade_in", "fade_out"  # the names of effects and of parameters alike


def split(name: str, at: int, later: str, state: State) -> list[TimelineFact]:
    """The first part keeps the clip's id, the later one is ``later``.

    A picture is cut between two of its own frames, the ones nearest to ``at``: both parts show what the whole did.
    Refuses a time outside the clip, and one that fades do not allow.
    """
    clip = state.clip(name)
    return parted(clip, _between_frames(clip, at - clip.at, state), later, state)


def _between_frames(clip: Clip, cut: int, state: State) -> int:
    if state.track(clip.track).kind == "audio":
        return cut
    frame = frame_length(state.output.fps)
    return (state.nearest_frame(clip.at + cut) - state.nearest_frame(clip.at)) // frame * frame


def parted(clip: Clip, cut: int, later: str, state: State) -> list[TimelineFact]:
    """The clip cut in two so long after its start."""
    _check_cut(clip, cut, state)
    rest = replace(clip, id=later, **_rest(clip, cut, state))
    return [*shortened(clip, cut, state), *_moved(clip, rest, cut, state)]


def shortened(clip: Clip, cut: int, state: State) -> list[TimelineFact]:
    """The clip without what lies behind the cut."""
    _check_cut(clip, cut, state)
    return [*_kept(clip, cut, state), ClipChanged(clip.id, out_point=clip.in_point + cut, fade_out=0)]


def beheaded(clip: Clip, cut: int, state: State) -> list[TimelineFact]:
    """The clip without what lies before the cut; the rest stays where it is."""
    _check_cut(clip, cut, state)
    kept = _as(state.effects(clip.id), lambda effect: _going(effect, clip, cut, state))
    return [ClipChanged(clip.id, **_rest(clip, cut, state)), *kept]


def _check_cut(clip: Clip, cut: int, state: State) -> None:
    if not 0 < cut < clip.length:
        raise Refused("empty_range", "The cut must lie inside the clip", "at", [clip.id])
    if clip.fade_in > cut or clip.fade_out > clip.length - cut:
        raise _in_fade(clip.id)
    for effect in state.effects(clip.id):
        _check(effect, cut, clip.length)


def _rest(clip: Clip, cut: int, state: State) -> dict[str, Any]:
    """The fields of a clip that has lost what lies before the cut."""
    keys = {
        name: _earlier(keys, _passed(clip, 0, cut, _step(state, heard=name == "volume")))
        for name, keys in clip.keyframes.items()
    }
    return {"in_point": clip.in_point + cut, "at": clip.at + cut, "fade_in": 0, "keyframes": keys}


def _going(effect: Effect, clip: Clip, cut: int, state: State) -> Effect | None:
    """The effect on the second part, its keys counted from there."""
    part = _after(effect, cut, clip.length)
    return None if part is None else _going_on(part, effect, clip, cut, state)


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
    return _as(state.effects(clip.id), lambda effect: _before(effect, cut))


def _as(effects: list[Effect], part: Callable[[Effect], Effect | None]) -> list[TimelineFact]:
    """The effects of a clip that keeps them, each as the part of it that is left."""
    facts: list[TimelineFact] = []
    for effect in effects:
        kept = part(effect)
        if kept is None:
            facts.append(EffectRemoved(effect.id))
        elif kept != effect:
            facts.append(EffectChanged(effect.id, params=kept.params, window=kept.window, keyframes=kept.keyframes))
    return facts


def _moved(clip: Clip, later: Clip, cut: int, state: State) -> list[TimelineFact]:
    """The second part with its effects, and with the transition at its end."""
    kept = [part for effect in state.effects(clip.id) if (part := _going(effect, clip, cut, state)) is not None]
    added = (
        EffectAdded(later.id, replace(effect, id=state.another_name("effect", number)), number)
        for number, effect in enumerate(kept)
    )
    leaving = state.transition_from(clip.id)
    joined = [] if leaving is None else [TransitionChanged(leaving.id, from_=later.id)]
    return [ClipAdded(later), *added, *joined]


def _going_on(part: Effect, effect: Effect, clip: Clip, cut: int, state: State) -> Effect:
    """The part of an effect behind the cut, its keys earlier by what it shows or is heard of it before."""
    step = _step(state, heard=effect.effect_type in HEARD)
    by = max(_passed(clip, effect.window.start, cut, step), 0)
    return replace(part, keyframes={name: _earlier(keys, by) for name, keys in part.keyframes.items()})


def _step(state: State, *, heard: bool) -> Rate:
    """How often values that move have another one: every frame, or every sample."""
    return Rate(state.output.sample_rate, 1) if heard else state.output.fps


def _passed(clip: Clip, start: int, cut: int, step: Rate) -> int:
    """How many whole steps of a clip lie between ``start`` and a cut, as a time."""
    steps = boundary(clip.at + cut, step) - boundary(clip.at, step) - boundary(start, step)
    return steps * frame_length(step)


def _earlier(keys: list[Key], by: int) -> list[Key]:
    return [replace(key, t=key.t - by) for key in keys]


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
