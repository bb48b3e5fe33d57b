"""Layouts: several clips placed on the canvas at once, with frames of one look."""

import msgspec
from msgspec.structs import replace

from domain.core import refusing
from domain.errors import Refused
from domain.timeline.commands import ApplyLayout
from domain.timeline.decide.fields import differing
from domain.timeline.decide.params import wire
from domain.timeline.events import (
    ClipChanged,
    Effect,
    EffectAdded,
    EffectRemoved,
    Fit,
    TimelineFact,
    Transform,
    Value,
    Window,
)
from domain.timeline.state import State
from rust_core import lay_out

_FRAMES = ("border", "drop_shadow")
_PLACE = ("x", "y", "width", "height")
_Params = dict[str, Value]


class Style(msgspec.Struct, frozen=True):
    """How frames look; None where there is no border or no shadow."""

    fit: Fit
    border: _Params | None
    shadow: _Params | None


class Laid(msgspec.Struct, frozen=True):
    """The places of clips, in their order, and the look of all of them."""

    places: list[Transform]
    style: Style


_LAID = msgspec.msgpack.Decoder(Laid)


def decide(op: ApplyLayout, state: State) -> list[TimelineFact]:
    """What differs from the layout. A clip keeps its rotation and opacity; what moved its place goes, and so do frames
    that the layout does not have."""
    if twice := [clip for clip in op.clips if op.clips.count(clip) > 1]:
        raise Refused("invalid_field", "A clip has one place in a layout", "clips", twice[:1])
    output = state.output
    with refusing():
        laid = _LAID.decode(lay_out(op.layout, wire(op.params), len(op.clips), (output.width, output.height)))
    facts: list[TimelineFact] = []
    for number, (clip, place) in enumerate(zip(op.clips, laid.places, strict=True)):
        facts += _placed(clip, place, laid.style.fit, state)
        facts += _framed(clip, 2 * number, laid.style, state)
    return facts


def _placed(name: str, place: Transform, fit: Fit, state: State) -> list[TimelineFact]:
    clip = state.clip(name)
    if state.track(clip.track).kind == "audio":
        raise Refused("wrong_kind", "A clip on an audio track has no picture to place", "clips", [name])
    transform = replace(clip.transform, **{field: getattr(place, field) for field in _PLACE})
    resting = {field: keys for field, keys in clip.keyframes.items() if field not in _PLACE}
    fields = differing(clip, fit=fit, transform=transform, keyframes=resting)
    return [ClipChanged(name, **fields)] if fields else []


def _framed(clip: str, number: int, style: Style, state: State) -> list[TimelineFact]:
    """Border and shadow, the last effects of the clip."""
    wanted = [(kind, params) for kind, params in zip(_FRAMES, (style.border, style.shadow), strict=True) if params]
    present = state.effects(clip)
    frames = [effect for effect in present if effect.effect_type in _FRAMES]
    others = [effect for effect in present if effect not in frames]
    new = [
        Effect(state.another_name("effect", number + place), kind, params, Window(0, None))
        for place, (kind, params) in enumerate(wanted)
    ]
    same = [replace(one, id=old.id) for one, old in zip(new, frames, strict=False)]
    if len(new) == len(frames) and present == others + same:
        return []
    removed = [EffectRemoved(effect.id) for effect in frames]
    return [*removed, *(EffectAdded(clip, one, len(others) + place) for place, one in enumerate(new))]
