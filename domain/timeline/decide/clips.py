"""Decisions about clips: what lies where, and which part of its source it shows."""

from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from domain.errors import Refused
from domain.time import FLICKS_PER_SECOND, Moment
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
from domain.timeline.decide.groups import moved_along
from domain.timeline.decide.keyframes import moved
from domain.timeline.decide.room import Room, cleared, opened
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
            return _update(UpdateClip(op.clip, track=op.track, at=op.at, ripple=op.ripple, snap=op.snap), state)
        case TrimClip():
            trimmed = UpdateClip(op.clip, in_point=op.in_point, out_point=op.out_point, ripple=op.ripple, snap=op.snap)
            return _update(trimmed, state)
        case SplitClip():
            return split(op.clip, state.flicks(op.at, snap=op.snap), state.name("clip", op.id), state)
        case RemoveClip():
            return _remove(op, state)
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
        at=Room(state).end(op.track) if op.at.is_end else state.flicks(op.at, snap=op.snap),
        volume=1_000_000 if op.volume is UNSET else int(op.volume),
        fade_in=_length(op.fade_in, state),
        fade_out=_length(op.fade_out, state),
        fit=op.fit,
        transform=_placed(CANVAS, op.transform),
        keyframes=moved({}, op.keyframes, state),
    )
    clip = _to_frames(clip, state) if op.snap else clip
    _seen(clip, state)
    return [ClipAdded(clip), *_way(op, clip, state)]


def _way(op: AddClip, clip: Clip, state: State) -> list[TimelineFact]:
    """What happens to the clips that are there."""
    if op.mode == "overwrite":
        if op.ripple:
            raise Refused("invalid_field", "Overwriting moves nothing: leave ripple out, or insert", "ripple")
        return cleared(clip.track, clip.at, clip.end, state)
    if op.mode == "insert":
        return opened(clip.track, clip.at, clip.length, state)
    room = Room(state)
    if op.ripple:
        room.push(clip.track, clip.at, clip.length)
    return room.facts()


def _remove(op: RemoveClip, state: State) -> list[TimelineFact]:
    clip, room = state.clip(op.clip), Room(state, op.clip)
    if op.ripple:
        room.push(clip.track, clip.end, -clip.length)
    return [ClipRemoved(op.clip), *room.facts()]


def _seen(clip: Clip, state: State) -> None:
    """A clip with a picture shows for a frame or more. An empty or reversed range is for the fold to refuse."""
    rate = state.output.fps
    if 0 < clip.length * rate.num < FLICKS_PER_SECOND * rate.den and state.track(clip.track).kind == "video":
        raise Refused("empty_range", "A clip on a video track lasts a frame or more", "out_point")


def _length(said_as: Moment | UnsetType, state: State) -> int:
    return 0 if said_as is UNSET else state.flicks(said_as)


def _source_end(source: Source) -> int:
    if source.duration is None:
        raise Refused("invalid_field", "A still has no end of its own: give out_point", "out_point", [source.media])
    return source.duration


def _update(op: UpdateClip, state: State) -> list[TimelineFact]:
    before, room = state.clip(op.clip), Room(state, op.clip)
    track = before.track if op.track is UNSET else state.track(op.track).id
    moves = op.at is not UNSET or track != before.track
    if op.ripple and moves:
        room.push(before.track, before.end, -before.length)
    moments = said(in_point=op.in_point, out_point=op.out_point, fade_in=op.fade_in, fade_out=op.fade_out)
    after = replace(
        before,
        **said(volume=op.volume, fit=op.fit),
        keyframes=moved(before.keyframes, op.keyframes, state),
        **{name: state.flicks(moment) for name, moment in moments.items()},
        track=track,
        at=_place(op, track, before, room, state),
        transform=_placed(before.transform, op.transform),
    )
    after = _to_frames(after, state) if op.snap and {"in_point", "out_point"} & moments.keys() else after
    fields = differing(before, **asdict(after))
    along = moved_along(before, after.at - before.at, state)
    if along and op.ripple:
        raise Refused(
            "invalid_field", "A clip of a group moves with its group: ungroup it, or leave ripple out", "ripple"
        )
    if fields.keys() & {"in_point", "out_point", "track"}:
        _seen(after, state)
    if op.ripple and moves:
        room.push(track, after.at, after.length)
    elif op.ripple:
        room.push(track, before.end, after.length - before.length)
    changed: list[TimelineFact] = [ClipChanged(op.clip, **fields)] if fields else []
    return [*changed, *along, *room.facts()]


def _place(op: UpdateClip, track: str, before: Clip, room: Room, state: State) -> int:
    if op.at is UNSET:
        return before.at
    return room.end(track) if op.at.is_end else state.flicks(op.at, snap=op.snap)


def _to_frames(clip: Clip, state: State) -> Clip:
    """The clip with its end on the frame nearest to it."""
    return replace(clip, out_point=clip.out_point + state.nearest_frame(clip.end) - clip.end)


def _placed(before: Transform, box: Box | UnsetType) -> Transform:
    """The rectangle with the edges that the request names."""
    if box is UNSET:
        return before
    return replace(before, **said(**asdict(box)))
