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
from domain.timeline.state import State, shown
from rust_core import lay_out

_FRAMES = ("border", "drop_shadow")
_PLACE = ("x", "y", "width", "height")
_Params = dict[str, Value]


class Style(msgspec.Struct, frozen=True):
    """How frames look; None where there is no border or no shadow."""

    fit: Fit
    border: _Params | None
    shadow: _Params | None


class Place(msgspec.Struct, frozen=True):
    """Where a clip comes to lie, and whether it gets a frame."""

    transform: Transform
    framed: bool


class Laid(msgspec.Struct, frozen=True):
    """The places of clips, in their order, and the look of their frames."""

    places: list[Place]
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
    _must_be_seen(op.clips, laid.places, state)
    for number, (clip, place) in enumerate(zip(op.clips, laid.places, strict=True)):
        facts += _placed(clip, place.transform, laid.style.fit, state)
        wanted = zip(_FRAMES, (laid.style.border, laid.style.shadow), strict=True) if place.framed else ()
        facts += _framed(clip, 2 * number, [(kind, params) for kind, params in wanted if params], state)
    return facts


def _must_be_seen(clips: list[str], places: list[Place], state: State) -> None:
    """Where places overlap, the later clip's track lies higher, or is the same: one track shows one clip at a time."""
    order = [track.id for track in state.tracks()]
    levels = [order.index(state.clip(clip).track) for clip in clips]
    for above in range(len(clips)):
        for below in range(above):
            if levels[above] < levels[below] and _overlap(places[above].transform, places[below].transform):
                message = f"{shown(clips[above])} would lie beneath {shown(clips[below])}, which it is to cover"
                raise Refused("lies_beneath", message, "clips", [clips[above], clips[below]])


def _overlap(one: Transform, other: Transform) -> bool:
    across = max(one.x, other.x) < min(one.x + one.width, other.x + other.width)
    return across and max(one.y, other.y) < min(one.y + one.height, other.y + other.height)


def _placed(name: str, place: Transform, fit: Fit, state: State) -> list[TimelineFact]:
    clip = state.clip(name)
    if state.track(clip.track).kind == "audio":
        raise Refused("wrong_kind", "A clip on an audio track has no picture to place", "clips", [name])
    transform = replace(clip.transform, **{field: getattr(place, field) for field in _PLACE})
    resting = {field: keys for field, keys in clip.keyframes.items() if field not in _PLACE}
    fields = differing(clip, fit=fit, transform=transform, keyframes=resting)
    return [ClipChanged(name, **fields)] if fields else []


def _framed(clip: str, number: int, wanted: list[tuple[str, _Params]], state: State) -> list[TimelineFact]:
    """Border and shadow, the last effects of the clip."""
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
