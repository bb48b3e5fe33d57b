"""One render under way: what is missing is commanded, what is there is joined, until the log says that it has ended."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import structlog

from adapters.broker.port import Broker
from adapters.ffmpeg.locate import Tools
from adapters.media.outputs import OutputRoots
from adapters.render.assemble import assemble
from adapters.render.delivery import Delivery
from adapters.render.ledger import Ledger
from adapters.render.manifest import manifest
from adapters.render.segments import SegmentStore, Stored
from domain.errors import Refused
from domain.render import decide
from domain.render.events import RenderCompleted, RenderRequested, Tried
from domain.render.formats.format import Format
from domain.render.messages import Broken, Progress, SourceFile, Work
from domain.render.plan import Plan, Unit
from domain.render.progress import done, remaining_ms
from domain.time import frame_length

_RETRY_S = 1
_SILENT_S = 3  # without a word, a unit is not being made any more
_TIMEOUT_BASE_S = 120
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Planned:
    """A plan, and where its sources (by media id) and fonts (absolute paths by hex SHA-256) lie now.

    ``made_as`` is the format, ``encoders`` those that were tried for the picture. ``versions`` says what the film is
    made with: ``core_version`` and ``ffmpeg_version``.
    """

    plan: Plan
    sources: dict[str, SourceFile]
    fonts: dict[str, str]
    versions: dict[str, str]
    made_as: Format
    encoders: list[Tried]

    def work(self, unit: Unit, job: str, attempt: int, timeout_s: int) -> Work:
        """The command to make one of its units."""
        suffixes = {other.key: other.suffix for other in self.plan.units}
        return Work(
            job=job,
            attempt=attempt,
            unit=unit,
            needs={key: suffixes[key] for key in unit.needs},
            sources={media: self.sources[media] for media in unit.media},
            fonts={digest: self.fonts[digest] for digest in unit.fonts},
            timeout_s=timeout_s,
        )


Planner = Callable[[RenderRequested], Awaitable[Planned]]


@dataclass(frozen=True)
class Studio:
    """What every render uses. ``slots`` bounds how many are under way at once; a unit may take ``timeout_factor`` times
    its own length."""

    broker: Broker
    store: SegmentStore
    outputs: OutputRoots
    tools: Tools
    planner: Planner
    slots: asyncio.Semaphore
    timeout_factor: int


class Production:
    """A render from its request, or from wherever a crash left it, to its end."""

    def __init__(self, ledger: Ledger, studio: Studio, delivery: Delivery | None) -> None:
        """``delivery`` None: the render is resumed, and its names are reserved again."""
        self.ledger = ledger
        self._studio = studio
        self._delivery = delivery
        self._published: set[tuple[str, int]] = set()
        self._parts: dict[str, int] = {}
        self._heard: dict[str, float] = {}  # when an executor told last of a unit
        self._began: tuple[float, int] | None = None  # when, and how much was done then
        self._shown = 0
        self._joins = 0

    async def run(self) -> None:
        """Go on until the render has ended; a fault on the way is its end."""
        working = asyncio.create_task(self._work())
        ended = asyncio.create_task(self.ledger.ended.wait())
        try:
            await asyncio.wait([working, ended], return_when=asyncio.FIRST_COMPLETED)
            await _end(working)
            await self.ledger.ended.wait()
            if self._delivery:
                self._delivery.release()
            if not isinstance(self.ledger.state.ending, RenderCompleted):
                with contextlib.suppress(Refused):  # executors that are not told make units that the next render uses
                    await self._studio.broker.cancel(self.ledger.job)
        finally:
            await _end(working, ended)

    def hear(self, progress: Progress) -> None:
        """An executor tells how far it is."""
        if self.ledger.state.attempts.get(progress.unit) == progress.attempt:
            self._parts[progress.unit] = progress.done
            self._heard[progress.unit] = time.monotonic()

    def under_way(self) -> int:
        """How many units executors have told of in the last seconds, without having told how they ended."""
        since = time.monotonic() - _SILENT_S
        finished = self.ledger.state.done
        return sum(heard > since and unit not in finished for unit, heard in self._heard.items())

    def measured(self) -> tuple[int, int | None]:
        """Millionths done, never less than before, and the milliseconds still to go where that can be said."""
        now = done(self.ledger.state, self._parts)
        self._shown = max(self._shown, now)
        if self._began is None:
            return self._shown, None
        started, done_then = self._began
        return self._shown, remaining_ms(self._shown, done_then, round((time.monotonic() - started) * 1000))

    def abandon(self) -> None:
        """Another process goes on with it."""
        if self._delivery:
            self._delivery.leave()

    def publish_again(self) -> None:
        """The broker lost what it held."""
        self._published.clear()
        self.ledger.changed.set()

    async def look_for_losses(self) -> None:
        """Units that were commanded, have no outcome, and are not with the broker any more get another attempt."""
        waiting = self._published & set(self.ledger.state.attempts.items())
        lost = [(unit, attempt) for unit, attempt in waiting if unit not in self.ledger.state.done]
        if not lost or not await self._studio.broker.is_idle():
            return
        for unit, attempt in lost:
            gone = Broken(self.ledger.job, unit, attempt, "", "unit_lost", "Its command was lost", True, [])
            await self.ledger.note(partial(decide.settle, gone))

    async def _work(self) -> None:
        try:
            async with self._studio.slots:
                await self._make_film()
        except Refused as refusal:
            fault = (refusal.code, refusal.message)
        except Exception as defect:  # noqa: BLE001 - a job always ends, and says how
            _log.exception("render_crashed", job=self.ledger.job)
            fault = ("internal_error", f"{type(defect).__name__} in the coordinator")
        else:
            return
        await self.ledger.note(partial(decide.fail, *fault))

    async def _make_film(self) -> None:
        wanted = self.ledger.state.request
        if wanted is None:
            raise ValueError("a production needs a request")
        if self._delivery is None:
            self._delivery = await asyncio.to_thread(Delivery.resume, self._studio.outputs, wanted)
        planned = await self._studio.planner(wanted)
        stored = set(await asyncio.to_thread(self._stored, planned.plan.units))
        await self.ledger.note(partial(decide.begin, planned.plan, stored, planned.encoders))
        self._began = (time.monotonic(), self.measured()[0])
        while True:
            self.ledger.changed.clear()
            await self._publish(planned)
            pieces = await self._pieces(planned.plan)
            if pieces is None:
                await self.ledger.changed.wait()
            elif await self._joined(planned, pieces, self._delivery):
                return

    def _stored(self, units: list[Unit]) -> dict[str, Stored]:
        """What seems to be there; whoever reads it sees whether it is whole."""
        found = {unit.key: self._studio.store.glance(unit.key, unit.suffix) for unit in units}
        return {key: stored for key, stored in found.items() if stored}

    def _damaged(self, units: list[Unit]) -> list[str]:
        return [unit.key for unit in units if not self._studio.store.find(unit.key, unit.suffix)]

    async def _publish(self, planned: Planned) -> None:
        """Command what could be made now and was not commanded yet."""
        for unit in decide.ready(planned.plan, self.ledger.state):
            name = (unit.key, self.ledger.state.attempts[unit.key])
            while name not in self._published:
                try:
                    await self._studio.broker.publish(self._command(unit, name[1], planned))
                except Refused as fault:
                    if fault.code != "broker_unavailable":
                        raise
                    _log.warning("broker_silent", fault=str(fault))
                    await asyncio.sleep(_RETRY_S)
                else:
                    self._published.add(name)

    def _command(self, unit: Unit, attempt: int, planned: Planned) -> Work:
        timeout_s = _TIMEOUT_BASE_S + self._studio.timeout_factor * _seconds(unit, planned.plan)
        return planned.work(unit, self.ledger.job, attempt, timeout_s)

    async def _pieces(self, plan: Plan) -> dict[str, Stored] | None:
        """What the film is joined from; None while not all of it is there."""
        keys = set(plan.pieces)
        if not keys <= self.ledger.state.done:
            return None
        pieces = await asyncio.to_thread(self._stored, [unit for unit in plan.units if unit.key in keys])
        if lost := sorted(keys - set(pieces)):
            await self.ledger.note(partial(decide.lose, lost))
            return None
        return pieces

    async def _joined(self, planned: Planned, pieces: dict[str, Stored], delivery: Delivery) -> bool:
        """Whether the film is there now. Where it is not, pieces were damaged and the log says so."""
        self._joins += 1
        try:
            await self._join(planned, pieces, delivery)
        except Refused as refusal:
            if refusal.code != "result_wrong":
                raise
            units = [unit for unit in planned.plan.units if unit.key in pieces]
            damaged = await asyncio.to_thread(self._damaged, units)
            # another render may have mended them by now: then this one tries again
            if not damaged and self._joins >= decide.ATTEMPTS:
                raise
            await self.ledger.note(partial(decide.lose, damaged))
            return False
        return True

    async def _join(self, planned: Planned, pieces: dict[str, Stored], delivery: Delivery) -> None:
        plan, ledger = planned.plan, self.ledger
        with self._studio.store.workspace() as folder:
            made, film = await assemble(plan, planned.made_as.file, pieces, folder, self._studio.tools)

            async def publish() -> RenderCompleted:
                paper = manifest(
                    delivery.film_path,
                    film,
                    plan,
                    ledger.state,
                    ledger.records[-1],
                    pieces,
                    planned.made_as,
                    planned.sources,
                    planned.versions,
                )
                await asyncio.to_thread(delivery.publish, made, film, paper)
                length = plan.frames * frame_length(plan.output.fps)
                return RenderCompleted(
                    delivery.film_path, delivery.manifest_path, film.sha256, film.size, plan.frames, length
                )

            if not await ledger.finish(publish):
                await asyncio.to_thread(delivery.withdraw)


def _seconds(unit: Unit, plan: Plan) -> int:
    """How long the unit's picture or sound lasts, in whole seconds, rounded up."""
    expect, fps = unit.expect, plan.output.fps
    picture = Fraction((expect.frames or 0) * fps.den, fps.num)
    sound = Fraction(expect.samples or 0, expect.sample_rate or plan.output.sample_rate)
    return int(max(picture, sound)) + 1


async def _end(*tasks: "asyncio.Task[object]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
