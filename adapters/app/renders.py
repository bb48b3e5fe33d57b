"""Use cases of renders: start, follow, end, and what came of them."""

import asyncio
from collections.abc import Mapping, Set
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import msgspec

from adapters.app.asking import Answered, Asked, encoded
from adapters.app.closing import Closing
from adapters.app.jobs import Started, new_job
from adapters.app.keys import Keys, kept_answer, provenance
from adapters.app.lists import Lists
from adapters.app.pages import Page
from adapters.app.planner import Planner
from adapters.app.projects import Projects
from adapters.app.travel import When
from adapters.render.coordinator import Coordinator
from adapters.render.segments import SegmentStore
from adapters.render.status import Job as Render
from domain.errors import Refused
from domain.ids import is_id
from domain.render.decide import wanted
from domain.render.events import RenderRequested
from domain.render.formats.containers import Container, fitting
from domain.render.formats.format import Settings
from domain.render.formats.presets import chosen
from domain.render.plan import Range, Unit, UnitKind
from domain.time import Moment, to_seconds
from domain.timeline.events import Output
from projections.times import utc
from rust_core import Project


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a film, to its end without one. Times are on the timeline, and go to the nearest frame."""

    start: Moment
    end: Moment | None = None


class Wish(msgspec.Struct, frozen=True):
    """What a film is to be: of which version (the newest if None), how, where, and which part of it."""

    version: int | None
    preset: str
    settings: Settings | None
    output_path: str | None
    range: Part | None


class Film(msgspec.Struct, frozen=True):
    """A finished film: a file or a folder."""

    path: Path
    container: Container

    def names(self) -> list[str]:
        """The files of a folder, in order."""
        return sorted(file.name for file in self.path.iterdir()) if self.path.is_dir() else []

    @property
    def main(self) -> str:
        """Where a folder begins: its playlist, or its first picture."""
        names = self.names()
        return self.container.main if self.container.main in names else names[0]

    def media_type(self, name: str) -> str:
        """Of a file in a folder."""
        return "video/iso.segment" if name.endswith(".m4s") else self.container.media_type


class PlannedUnit(msgspec.Struct, frozen=True):
    """A unit of a plan; ``hit``: nothing has to be made. Names in braces are filled in by the executor."""

    key: str
    kind: str
    weight: int
    hit: bool
    argv: list[str]


class PlannedSegment(msgspec.Struct, frozen=True):
    """A stretch of the picture."""

    key: str
    start_frame: int
    frames: int
    hit: bool


class PlanView(msgspec.Struct, frozen=True):
    """What a render would do. ``estimate_cpu_seconds`` goes by the units of a kind that are there; null without any."""

    project_id: str
    version: int
    plan_hash: str
    frames: int
    hits: int
    misses: int
    estimate_cpu_seconds: float | None
    segments: list[PlannedSegment]
    units: list[PlannedUnit]


class Renders:
    """Renders of projects."""

    def __init__(
        self,
        keys: Keys,
        projects: Projects,
        lists: Lists,
        coordinator: Coordinator,
        planner: Planner,
        store: SegmentStore,
        folder: Path,
        closing: Closing,
    ) -> None:
        """``folder`` is where films go that nobody gave a path."""
        self._keys = keys
        self._projects = projects
        self._lists = lists
        self._coordinator = coordinator
        self._planner = planner
        self._store = store
        self._folder = folder
        self._closing = closing

    async def start(self, project: str, wish: Wish, asked: Asked) -> Answered:
        """Begin a render of a project."""
        return await self._keys.once(asked, lambda: self._begun(project, wish, asked))

    async def _begun(self, project: str, wish: Wish, asked: Asked) -> Answered:
        asked.check(self._projects.at(project).version)
        state = self._projects.at(project, wish.version)
        container = chosen(wish.preset, wish.settings).file
        job = new_job()
        path = wish.output_path or str(self._folder / f"{job}{container.suffix}")
        if not fitting(path, container):
            ends = f"ends in {' or '.join(container.suffixes)}" if container.suffixes else "is a folder without a dot"
            raise Refused("format_unsupported", f"The name of {container.name} {ends}", "output_path")
        answered = Answered(202, encoded(Started(job)))
        wanted = RenderRequested(
            job=job,
            project=project,
            version=state.version,
            preset=wish.preset,
            output_path=path,
            settings=wish.settings,
            range=_range(state, wish.range),
        )
        kept = kept_answer(asked, answered.status, answered.body)
        await self._coordinator.request(wanted, provenance(asked), kept)
        return answered

    async def see(self, job: str, wait_s: float = 0) -> dict[str, Any]:
        """A render once it has ended, or as it is after ``wait_s`` seconds."""
        _check(job)
        if wait_s:
            await self._closing.until(self._coordinator.wait(job, wait_s), wait_s)
        return shown(self._coordinator.status(job))

    async def cancel(self, job: str, asked: Asked) -> Answered:
        """End a render."""
        _check(job)

        async def ended() -> Answered:
            # twice is once, so the answer may be kept after the fact
            found = shown(await self._coordinator.cancel(job, provenance(asked)))
            return await self._keys.keep(asked, Answered(202, encoded(found)))

        return await self._keys.once(asked, ended)

    async def listed(self, limit: int, cursor: str | None) -> Page[dict[str, Any]]:
        """Renders, newest first."""
        names, following = await self._lists.render_names(limit, cursor)
        return Page([shown(self._coordinator.status(name)) for name in names], following)

    def film(self, job: str) -> Film:
        """The finished film."""
        render = self._completed(job)
        path = Path(render.output_path)
        if not path.exists():
            raise _moved(job)
        return Film(path, chosen(render.preset, render.settings).file)

    def manifest(self, job: str) -> Path:
        """Where the finished film's manifest is."""
        path = Path(self._completed(job).manifest_path or "")
        if not path.is_file():
            raise _moved(job)
        return path

    async def plan(self, project: str, when: When, preset: str, part: Part | None) -> PlanView:
        """What a render of a project as it was then would do, and what of that is done already."""
        state = self._projects.then(project, when)
        return await asyncio.to_thread(self._plan, project, state, preset, part)

    def _plan(self, project: str, state: Project, preset: str, part: Part | None) -> PlanView:
        plan = self._planner.plan(state, chosen(preset, None), _range(state, part)).plan
        found = {unit.key: self._store.glance(unit.key, unit.suffix) for unit in plan.units}
        there = {key: stored.sidecar.cpu_ms for key, stored in found.items() if stored}
        missing = wanted(plan, there.keys())
        return PlanView(
            project_id=project,
            version=state.version,
            plan_hash=plan.plan_hash,
            frames=plan.frames,
            hits=len(plan.units) - len(missing),
            misses=len(missing),
            estimate_cpu_seconds=_estimate(plan.units, missing, there),
            segments=[PlannedSegment(s.key, s.start_frame, s.frames, s.key not in missing) for s in plan.segments],
            units=[PlannedUnit(u.key, u.kind, u.weight, u.key not in missing, _argv(u)) for u in plan.units],
        )

    def unfinished(self) -> int:
        """How many renders have not ended."""
        return self._coordinator.unfinished()

    def under_way(self) -> int:
        """How many of their units are being made now."""
        return self._coordinator.under_way()

    def _completed(self, job: str) -> Render:
        _check(job)
        render = self._coordinator.status(job)
        if render.status != "completed":
            raise Refused("output_not_ready", f"The render is {render.status}", ids=[job])
        return render


def _moved(job: str) -> Refused:
    return Refused("output_not_ready", "The file has been moved or removed since the render", ids=[job])


def _range(project: Project, part: Part | None) -> Range | None:
    """In flicks."""
    if part is None:
        return None
    fps = msgspec.msgpack.decode(project.output() or b"", type=Output).fps
    return Range(part.start.flicks(fps), None if part.end is None else part.end.flicks(fps))


def shown(render: Render) -> dict[str, Any]:
    """A render as the interface has jobs: times in RFC 3339, and those of its range in seconds."""
    job: dict[str, Any] = msgspec.to_builtins(render)
    for name in ("created", "started", "completed"):
        moment = job.pop(f"{name}_us")
        job[f"{name}_at"] = None if moment is None else utc(moment)
    if render.range:
        ends = {"start": render.range.start, "end": render.range.end}
        job["range"] = {name: None if time is None else to_seconds(time) for name, time in ends.items()}
    return job


def _estimate(units: list[Unit], missing: Set[str], there: Mapping[str, int]) -> float | None:
    """Processor seconds for what is missing, each kind at the rate of what is there of it, or else of all that is.

    ``there`` has FFmpeg's milliseconds. 0 where nothing is missing, None where no rate is known.
    """
    if not missing:
        return 0.0
    known = [unit for unit in units if unit.key in there]
    if not known:
        return None

    def rate(kind: str) -> Fraction:
        alike = [unit for unit in known if unit.kind == kind] or known
        return Fraction(sum(there[unit.key] for unit in alike), sum(unit.weight for unit in alike))

    rates = {kind: rate(kind) for kind in get_args(UnitKind)}
    return round(float(sum(unit.weight * rates[unit.kind] for unit in units if unit.key in missing)) / 1000, 3)


def _argv(unit: Unit) -> list[str]:
    return [token if isinstance(token, str) else _slot(msgspec.to_builtins(token)) for token in unit.argv]


def _slot(slot: dict[str, Any]) -> str:
    ((name, value),) = slot.items()
    return "{out}" if name == "out" else f"{{{name}:{value}}}"


def _check(job: str) -> None:
    if not is_id(job):
        raise Refused("unknown_job", "There is no such job", ids=[job[:64]])
