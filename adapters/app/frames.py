"""Use cases of looking: a frame of a project as it was at any version, made by the plan that a render follows."""

import asyncio
import os
from dataclasses import dataclass
from typing import Literal

import msgspec

from adapters.app.planner import Planner
from adapters.app.projects import Projects
from adapters.app.travel import When
from adapters.render import pieces
from adapters.render.make import Maker
from adapters.render.production import Planned
from domain.errors import Refused
from domain.render.formats.containers import Container
from domain.render.formats.format import Format
from domain.render.plan import Range
from domain.time import Moment, frame_length
from domain.timeline.events import Output, Rate
from rust_core import Project

_TIMEOUT_S = 60
Kind = Literal["jpg", "png"]
_KINDS: dict[Kind, Format] = {
    "jpg": Format(container="jpg", video_codec="jpeg"),
    "png": Format(container="png", video_codec="png"),
}


class Look(msgspec.Struct, frozen=True):
    """Which frame is meant, and how it is to be shown: ``width`` pixels wide, or as the film has it.

    ``said`` is what a caller calls the time.
    """

    at: Moment
    said: str
    kind: Kind = "jpg"
    width: int | None = None


@dataclass(frozen=True)
class Shot:
    """A frame that can be made: its number, and the version that it is of."""

    frame: int
    version: int
    planned: Planned

    @property
    def tag(self) -> str:
        """Equal only where the picture is equal."""
        return self.planned.plan.units[0].key

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        expect = self.planned.plan.units[0].expect
        return expect.width or 0, expect.height or 0

    @property
    def container(self) -> Container:
        """What kind of file it is."""
        return self.planned.made_as.file


class Frames:
    """Frames of projects. As many are made at once as there are cores, and one that is being made is not made twice."""

    def __init__(self, projects: Projects, planner: Planner, maker: Maker) -> None:
        """Made here, not by executors: who looks at a frame does not wait behind a film."""
        self._projects = projects
        self._planner = planner
        self._maker = maker
        self._slots = asyncio.Semaphore(os.cpu_count() or 1)
        self._making: dict[str, asyncio.Task[bytes]] = {}

    async def plan(self, project: str, when: When, look: Look) -> Shot:
        """The frame that is on screen at a time.

        Refused as a render is, and with ``outside_timeline`` for a time at which there is no film.
        """
        state = self._projects.then(project, when)
        frame = look.at.flicks(rate(state)) // frame_length(rate(state))
        if not 0 <= frame < max(1, state.frames):
            message = f"The film has frames 0 to {state.frames - 1}; {frame} is none"
            raise Refused("outside_timeline", message, look.said)
        return await asyncio.to_thread(self.shot, state, frame, look.kind, look.width)

    def shot(self, state: Project, frame: int, kind: Kind, width: int | None) -> Shot:
        """Frame number ``frame`` of a film that has it. Refused as a render is."""
        part = Range(frame * frame_length(rate(state)))
        return Shot(frame, state.version, self._planner.plan(state, _KINDS[kind], part, width))

    async def picture(self, shot: Shot) -> bytes:
        """The frame's file. Refused as a unit is."""
        making = self._making.get(shot.tag)
        if making is None:
            making = self._making[shot.tag] = asyncio.create_task(self._make(shot))
            making.add_done_callback(lambda _: self._making.pop(shot.tag))
        return await asyncio.shield(making)  # somebody else may be waiting for it too

    async def _make(self, shot: Shot) -> bytes:
        (unit,) = shot.planned.plan.units
        async with self._slots:
            stored, _ = await self._maker.make(shot.planned.work(unit, "frame", 1, _TIMEOUT_S), lambda _: None)
        return await asyncio.to_thread(pieces.only_sample, stored.path)


def rate(state: Project) -> Rate:
    """Frames a second of a project."""
    return msgspec.msgpack.decode(state.output() or b"", type=Output).fps
