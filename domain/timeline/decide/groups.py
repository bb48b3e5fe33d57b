"""Decisions about groups: clips that keep their distances in time when one of them is put elsewhere."""

from domain.errors import Refused
from domain.timeline.commands import GroupClips, GroupOp
from domain.timeline.events import Clip, ClipChanged, TimelineFact
from domain.timeline.state import State, shown


def decide(op: GroupOp, state: State) -> list[TimelineFact]:
    """The facts of an op on groups."""
    if isinstance(op, GroupClips):
        if not op.clips:
            raise Refused("invalid_field", "A group has a clip", "clips")
        group = state.name("group", op.id)
        return _put([state.clip(clip) for clip in dict.fromkeys(op.clips)], group)
    clips = _members(op.group, state) if op.group else []
    if not clips:
        raise Refused("unknown_group", f"No clip is in a group {shown(op.group)}", "group", [op.group])
    return _put(clips, "")


def moved_along(clip: Clip, by: int, state: State) -> list[TimelineFact]:
    """The others of its group, so much later."""
    others = _members(clip.group, state) if clip.group and by else []
    return [ClipChanged(other.id, at=other.at + by) for other in others if other.id != clip.id]


def _members(group: str, state: State) -> list[Clip]:
    return [clip for track in state.tracks() for clip in state.clips(track.id) if clip.group == group]


def _put(clips: list[Clip], group: str) -> list[TimelineFact]:
    return [ClipChanged(clip.id, group=group) for clip in clips if clip.group != group]
