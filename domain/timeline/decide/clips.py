"""Decisions about clips: what lies where, and which part of its source it shows."""

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from domain.errors import Refused
from domain.time import FLICKS_PER_SECOND, Moment, Place
from domain.timeline.commands import (
    AddClip,
    Box,
    ClipOp,
    MoveClip,
    RemoveClip,
    ReplaceSource,
    SplitClip,
    TrimClip,
    UpdateClip,
)
from domain.timeline.decide.fields import differing, said
from domain.timeline.decide.keyframes import moved
from domain.timeline.decide.split import split
from domain.timeline.events import CANVAS, Clip, ClipAdded, ClipChanged, ClipRemoved, Source, TimelineFact, Transform
from domain.timeline.state import State


def decide(op: ClipOp, state: State) -> list[TimelineFact]:
    """The facts of an op on clips."""
    match op:
        case AddClip():
            return _add(op, state)
        case UpdateClip():
            return _update(op, state)
        case MoveClip():
            return _update(UpdateClip(op.clip, track=op.track, at=op.at), state)
        case TrimClip():
            return _update(UpdateClip(op.clip, in_point=op.in_point, out_point=op.out_point), state)
        case SplitClip():
            return split(op, state)
        case RemoveClip():
            state.clip(op.clip)
            return [ClipRemoved(op.clip)]
        case ReplaceSource():
            before = state.clip(op.clip)
            source = state.library.source(op.source)
            return [ClipChanged(op.clip, source=source)] if source != before.source else []


def _add(op: AddClip, state: State) -> list[TimelineFact]:
    state.track(op.track)
    source = state.library.source(op.source)
    clip = Clip(
        id=state.name("clip", op.id),
        track=op.track,
        source=source,
        in_point=_length(op.in_point, state),
        out_point=_source_end(source) if op.out_point is UNSET else state.flicks(op.out_point),
        at=state.at(op.at, op.track),
        volume=1_000_000 if op.volume is UNSET else int(op.volume),
        fade_in=_length(op.fade_in, state),
        fade_out=_length(op.fade_out, state),
        fit=op.fit,
        transform=_placed(CANVAS, op.transform),
        keyframes=moved({}, op.keyframes, state),
    )
    _seen(clip.out_point - clip.in_point, clip.track, state)
    return [ClipAdded(clip)]


def _seen(length: int, track: str, state: State) -> None:
    """A clip with a picture shows for a frame or more. An empty or reversed range is for the fold to refuse."""
    rate = state.output.fps
    if 0 < length * rate.num < FLICKS_PER_SECOND * rate.den and state.track(track).kind == "video":
        raise Refused("empty_range", "A clip on a video track lasts a frame or more", "out_point")


def _length(said_as: Moment | UnsetType, state: State) -> int:
    return 0 if said_as is UNSET else state.flicks(said_as)


def _source_end(source: Source) -> int:
    if source.duration is None:
        raise Refused("invalid_field", "A still has no end of its own: give out_point", "out_point", [source.media])
    return source.duration


def _update(op: UpdateClip, state: State) -> list[TimelineFact]:
    before = state.clip(op.clip)
    track = before.track if op.track is UNSET else state.track(op.track).id
    moments = said(in_point=op.in_point, out_point=op.out_point, fade_in=op.fade_in, fade_out=op.fade_out)
    fields = differing(
        before,
        track=track,
        at=_place(op.at, track, state, op.clip),
        volume=op.volume,
        fit=op.fit,
        transform=_placed(before.transform, op.transform),
        keyframes=moved(before.keyframes, op.keyframes, state),
        **{name: state.flicks(moment) for name, moment in moments.items()},
    )
    if fields.keys() & {"in_point", "out_point", "track"}:
        after = replace(before, **fields)
        _seen(after.out_point - after.in_point, track, state)
    return [ClipChanged(op.clip, **fields)] if fields else []


def _place(at: Place | UnsetType, track: str, state: State, clip: str) -> int | UnsetType:
    return UNSET if at is UNSET else state.at(at, track, but=clip)


def _placed(before: Transform, box: Box | UnsetType) -> Transform:
    """The rectangle with the edges that the request names."""
    if box is UNSET:
        return before
    return replace(before, **said(**asdict(box)))
