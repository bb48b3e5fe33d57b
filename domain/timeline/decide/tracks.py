"""Decisions about tracks."""

from msgspec import UNSET

from domain.errors import Refused
from domain.timeline.commands import AddTrack, RemoveTrack, ReorderTracks, TrackOp, UpdateTrack
from domain.timeline.decide.fields import differing
from domain.timeline.events import (
    ClipRemoved,
    TimelineFact,
    Track,
    TrackAdded,
    TrackChanged,
    TrackRemoved,
    TracksOrdered,
)
from domain.timeline.state import State


def decide(op: TrackOp, state: State) -> list[TimelineFact]:
    """The facts of an op on tracks."""
    match op:
        case AddTrack():
            return _add(op, state)
        case UpdateTrack():
            return _update(op, state)
        case RemoveTrack():
            return _remove(op, state)
        case ReorderTracks():
            return [TracksOrdered(op.tracks)] if op.tracks != _order(state) else []


def _add(op: AddTrack, state: State) -> list[TimelineFact]:
    track = Track(
        id=state.name("track", op.id),
        kind=op.type,
        name=op.name,
        volume=1_000_000 if op.volume is UNSET else int(op.volume),
        muted=op.muted,
        hidden=op.hidden,
        locked=op.locked,
    )
    present = len(state.tracks())
    return [TrackAdded(track, present if op.index is None else _slot(op.index, present))]


def _remove(op: RemoveTrack, state: State) -> list[TimelineFact]:
    if state.track(op.track).locked:
        raise Refused("track_locked", f"Track {op.track} is locked", "track", [op.track])
    return [*(ClipRemoved(clip.id) for clip in state.clips(op.track)), TrackRemoved(op.track)]


def _update(op: UpdateTrack, state: State) -> list[TimelineFact]:
    before = state.track(op.track)
    fields = differing(before, name=op.name, volume=op.volume, muted=op.muted, hidden=op.hidden, locked=op.locked)
    facts: list[TimelineFact] = [TrackChanged(op.track, **fields)] if fields else []
    if op.index is not UNSET:
        present = _order(state)
        rest = [track for track in present if track != op.track]
        rest.insert(_slot(op.index, len(rest)), op.track)
        facts += [TracksOrdered(rest)] if rest != present else []
    return facts


def _order(state: State) -> list[str]:
    return [track.id for track in state.tracks()]


def _slot(index: int, others: int) -> int:
    """A place in the order: 0 is the bottom, the number of other tracks the top."""
    if not 0 <= index <= others:
        raise Refused("out_of_range", f"index must be between 0 and {others}", "index")
    return index
