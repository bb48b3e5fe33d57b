"""Use cases of looking at much at once: contact sheets, and where two versions look different."""

import asyncio
import hashlib
from dataclasses import dataclass
from decimal import Decimal

import msgspec

from adapters.app.frames import Frames, Shot, rate
from adapters.app.planner import Planner
from adapters.app.projects import Projects
from adapters.app.travel import When
from adapters.preview.sheet import Tile, sheet
from domain.errors import Refused
from domain.render.changed import Stretch, changed
from domain.render.formats.format import Format
from domain.render.plan import Segment
from domain.time import frame_length, timecode, to_seconds
from rust_core import Project

_WHOLE = Format(container="mkv", video_codec="ffv1")  # any would do: only whether units are the same is looked at
_PROBES = 5  # frames of a stretch that are looked at for one that differs

Cell = tuple[Shot | None, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet that can be made: what stands in its places, row by row."""

    cells: list[Cell]
    columns: int

    @property
    def tag(self) -> str:
        """Equal only where the sheet is equal."""
        said = [(shot.tag if shot else "", line) for shot, line in self.cells]
        return hashlib.sha256(msgspec.msgpack.encode([self.columns, said])).hexdigest()


class ChangedStretch(msgspec.Struct, frozen=True):
    """Frames from ``start_frame`` on, and when they are shown, in seconds."""

    start_frame: int
    frames: int
    start: Decimal
    end: Decimal


class Changes(msgspec.Struct, frozen=True):
    """Where two versions look different. Outside the stretches every frame is the same; within them most are not."""

    project_id: str
    before: int
    after: int
    frames_before: int
    frames_after: int
    items: list[ChangedStretch]


class Sheets:
    """Sheets of frames of projects."""

    def __init__(self, projects: Projects, planner: Planner, frames: Frames) -> None:
        """Every picture is one of ``frames``."""
        self._projects = projects
        self._planner = planner
        self._frames = frames

    async def contact(self, project: str, when: When, count: int, columns: int, width: int) -> Sheet:
        """Frames at even distances from the first on, at most as many as there are."""
        state = self._projects.then(project, when)
        count = min(count, max(1, state.frames))
        numbers = [index * state.frames // count for index in range(count)]
        return await asyncio.to_thread(lambda: Sheet([self._cell(state, n, width) for n in numbers], columns))

    async def changes(self, project: str, before: When, after: When) -> Changes:
        """The stretches in which the film of ``after`` looks different from that of ``before``."""
        old, new = self._projects.then(project, before), self._projects.then(project, after)
        stretches = await asyncio.to_thread(self._stretches, old, new)
        length = frame_length(rate(new))
        items = [
            ChangedStretch(first, last - first, to_seconds(first * length), to_seconds(last * length))
            for first, last in stretches
        ]
        return Changes(project, old.version, new.version, old.frames, new.frames, items)

    async def before_and_after(self, project: str, before: When, after: When, count: int, width: int) -> Sheet:
        """A row for each of the first ``count`` changed stretches: a frame before, and the same frame after.

        Refuses ``nothing_changed``.
        """
        old, new = self._projects.then(project, before), self._projects.then(project, after)
        return await asyncio.to_thread(self._pairs, old, new, count, width)

    async def picture(self, wanted: Sheet) -> bytes:
        """The sheet as a JPEG. Refused as its frames are."""
        shots = {shot.tag: shot for shot, _ in wanted.cells if shot}
        made = dict(zip(shots, await asyncio.gather(*map(self._frames.picture, shots.values())), strict=True))
        tiles = [Tile(made[shot.tag] if shot else None, line) for shot, line in wanted.cells]
        width, height = (max(sides) for sides in zip(*(shot.size for shot in shots.values()), strict=True))
        return await asyncio.to_thread(sheet, tiles, wanted.columns, (width, height))

    def _stretches(self, old: Project, new: Project) -> list[Stretch]:
        if rate(old) != rate(new):  # a frame's number is another moment
            return [(0, max(old.frames, new.frames))]
        return changed(self._segments(old), self._segments(new))

    def _segments(self, state: Project) -> list[Segment]:
        return self._planner.plan(state, _WHOLE, None).plan.segments if state.frames else []

    def _pairs(self, old: Project, new: Project, count: int, width: int) -> Sheet:
        cells: list[Cell] = []
        for stretch in self._stretches(old, new)[:count]:
            cells += self._pair(old, new, stretch, width)
        if not cells:
            raise Refused("nothing_changed", f"Versions {old.version} and {new.version} show the same", "from")
        return Sheet(cells, 2)

    def _pair(self, old: Project, new: Project, stretch: Stretch, width: int) -> list[Cell]:
        """The two sides of the first frame, of those looked at, that differs."""
        first, last = stretch
        pair: list[Cell] = []
        for step in range(_PROBES):
            number = first + (last - 1 - first) * step // (_PROBES - 1)
            pair = [self._cell(state, number, width, f"  version {state.version}") for state in (old, new)]
            one, other = (shot.tag if shot else None for shot, _ in pair)
            if one != other:
                break
        return pair

    def _cell(self, state: Project, number: int, width: int, of: str = "") -> Cell:
        line = f"{timecode(number * frame_length(rate(state)))}  frame {number}{of}"
        if number >= max(1, state.frames):
            return None, f"{line}: none"
        return self._frames.shot(state, number, "jpg", width), line
