"""Room on tracks: what lies behind a place moves along when something before it comes, goes, or changes its length."""

from domain.timeline.decide.split import beheaded, parted, shortened
from domain.timeline.events import Clip, ClipChanged, ClipRemoved, TimelineFact
from domain.timeline.state import State


class Room:
    """Where the clips of an edit come to lie as room is made or closed, step by step."""

    def __init__(self, state: State, clip: str | None = None) -> None:
        """``clip`` is the one that room is made for: it is placed by the op itself, and stays out of this."""
        self._state = state
        self._clip = clip
        self._at: dict[str, int] = {}

    def push(self, track: str, start: int, by: int) -> None:
        """Whatever starts at ``start`` or later on the track starts ``by`` later, or earlier."""
        if by:
            self._at |= {clip.id: at + by for clip, at in self._others(track) if at >= start}

    def end(self, track: str) -> int:
        """The first moment behind everything on the track."""
        return max((at + clip.length for clip, at in self._others(track)), default=0)

    def facts(self) -> list[TimelineFact]:
        """What moved."""
        before = {name: self._state.clip(name).at for name in self._at}
        return [ClipChanged(name, at=at) for name, at in self._at.items() if at != before[name]]

    def _others(self, track: str) -> list[tuple[Clip, int]]:
        clips = self._state.clips(track)
        return [(clip, self._at.get(clip.id, clip.at)) for clip in clips if clip.id != self._clip]


def opened(track: str, at: int, length: int, state: State) -> list[TimelineFact]:
    """A gap of that length on a track from ``at`` on: what lies across is cut, what lies behind moves."""
    across = next((clip for clip in state.clips(track) if clip.at < at < clip.end), None)
    cut = parted(across, at - across.at, state.another_name("clip", 0), state) if across else []
    room = Room(state.after(cut))
    room.push(track, at, length)
    return [*cut, *room.facts()]


def cleared(track: str, start: int, end: int, state: State) -> list[TimelineFact]:
    """Nothing on a track in ``[start, end)``: what lies there goes, and what reaches in is cut off."""
    facts: list[TimelineFact] = []
    for clip in state.clips(track):
        if clip.at < start and end < clip.end:
            rest = parted(clip, start - clip.at, state.another_name("clip", 0), state)
            return [*rest, *cleared(track, start, end, state.after(rest))]
        if start <= clip.at and clip.end <= end:
            facts.append(ClipRemoved(clip.id))
        elif clip.at < start < clip.end:
            facts += shortened(clip, start - clip.at, state)
        elif start <= clip.at < end:
            facts += beheaded(clip, end - clip.at, state)
    return facts
