"""Decisions about cuts between clips that lie side by side: the film's length stays as it is.

An effect goes on counting from its clip's start, wherever that comes to lie.
"""

from msgspec.structs import replace

from domain.errors import Refused
from domain.timeline.commands import CutOp, RollEdit, SlideClip, SlipClip
from domain.timeline.decide.fields import differing
from domain.timeline.events import Clip, ClipChanged, TimelineFact
from domain.timeline.state import State


def decide(op: CutOp, state: State) -> list[TimelineFact]:
    """The facts of an op on cuts."""
    clip = state.clip(op.clip)
    match op:
        case RollEdit():
            _, after = _beside(clip, state)
            if after is None:
                raise Refused("not_adjacent", "No clip starts where this one ends", "clip", [clip.id])
            by = state.flicks(op.at, snap=op.snap) - clip.end
            return [*_changed(clip, _tail(clip, by)), *_changed(after, _head(after, by))]
        case SlipClip():
            start = state.flicks(op.in_point)
            return _changed(clip, replace(clip, in_point=start, out_point=start + clip.out_point - clip.in_point))
        case SlideClip():
            before, after = _beside(clip, state)
            at = state.flicks(op.at, snap=op.snap)
            facts = [] if before is None else _changed(before, _tail(before, at - clip.at))
            facts += _changed(clip, replace(clip, at=at))
            return facts if after is None else [*facts, *_changed(after, _head(after, at - clip.at))]


def _beside(clip: Clip, state: State) -> tuple[Clip | None, Clip | None]:
    """The clips that touch this one, before it and after it."""
    others = state.clips(clip.track)
    before = next((other for other in others if other.end == clip.at), None)
    return before, next((other for other in others if other.at == clip.end), None)


def _tail(clip: Clip, by: int) -> Clip:
    """The clip with its end so much later."""
    return replace(clip, out_point=clip.out_point + by)


def _head(clip: Clip, by: int) -> Clip:
    """The clip with its start so much later, the rest of it where it was."""
    start, end = clip.in_point + by, clip.out_point
    if clip.source.duration is None and start < 0:
        start, end = 0, end - start  # a still has nothing before its start, and shows the same anywhere
    return replace(clip, in_point=start, out_point=end, at=clip.at + by)


def _changed(before: Clip, after: Clip) -> list[TimelineFact]:
    fields = differing(before, in_point=after.in_point, out_point=after.out_point, at=after.at)
    return [ClipChanged(before.id, **fields)] if fields else []
