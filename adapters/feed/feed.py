"""The log as a feed: pages of facts for those who poll, and a stream that resumes for those who listen.

Nothing is queued for anybody. A subscriber has a position and reads on from there at its own pace, so a slow one costs
nobody anything; those that are at the same place share one read and what it gave.
"""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import lru_cache

import msgspec
import structlog

from adapters.eventstore.edits import Record
from adapters.eventstore.port import EventLog
from adapters.feed.events import CloudEvent, Event
from adapters.feed.wanted import Wanted
from domain.errors import Refused
from domain.ids import ProjectId, project_stream
from domain.render.events import RenderRequested, decode

BATCH = 200
LONGEST_LOOK = 16  # batches that one page may read through
RETRY = 1.0  # seconds, where the log can't be read

_log = structlog.get_logger("feed")


class EventPage(msgspec.Struct, frozen=True):
    """Events in the order of the log. ``next_after`` asks for what follows; ``position`` is the log's end."""

    items: list[CloudEvent]
    next_after: int
    position: int


@dataclass(frozen=True)
class Batch:
    """Events, oldest first. Every event that was wanted has been given up to the position ``reached``."""

    events: list[Event]
    reached: int


class Feed:
    """Reads the log for others. Made in the event loop that it is listened to in."""

    def __init__(self, log: EventLog) -> None:
        """Over a log."""
        self._log = log
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()
        self._moves = 0
        self._closed = False
        self._reads: dict[tuple[int, int], asyncio.Task[list[Event]]] = {}
        self._project_of = lru_cache(maxsize=4096)(self._look_up_project)
        log.on_commit(self._committed)

    def open(self) -> None:
        """Begin to listen, in the running loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._moved.set()

    async def check(self, after: int, project: str | None = None) -> None:
        """Refuse a cursor that this log never gave: to wait there would pass over what is written up to it. And a
        project that never was: nothing would ever come."""
        if project and not await asyncio.to_thread(self._log.version, project_stream(ProjectId(project))):
            raise Refused("unknown_project", "There is no such project, and there never was", "project", [project])
        if after > self._log.position() and after > (end := (await asyncio.to_thread(self._log.head)).position):
            raise Refused(
                "cursor_ahead", f"The log ends at position {end}; asked for was what follows {after}", "after"
            )

    async def event(self, position: int) -> Event:
        """The event at a position that the log has."""
        return (await self._after(position - 1))[0]

    async def page(self, after: int, limit: int, wanted: Wanted) -> EventPage:
        """Up to ``limit`` events after a position.

        Looks at a bounded part of the log; where that holds too few, ``next_after`` goes on behind it.
        """
        await self.check(after, wanted.project)
        found: list[CloudEvent] = []
        for _ in range(LONGEST_LOOK):
            events = await self._after(after)
            for event in events:
                after = event.record.position
                if wanted.has(event):
                    found.append(event.cloud)
                if len(found) == limit:
                    return EventPage(found, after, max(after, self._log.position()))
            if len(events) < BATCH:
                break
        return EventPage(found, after, max(after, self._log.position()))

    async def follow(self, after: int, wanted: Wanted, quiet: float) -> AsyncGenerator[Batch, None]:
        """Every event after a position, as it becomes durable; an empty batch after ``quiet`` seconds without one."""
        told = asyncio.get_running_loop().time()
        while not self._closed:
            moved = self._moved
            if events := await self._after(after):
                after = events[-1].record.position
                events = [event for event in events if wanted.has(event)]
            else:
                await _wait(moved, told + quiet)
            now = asyncio.get_running_loop().time()
            if events or now >= told + quiet:
                yield Batch(events, after)
                told = asyncio.get_running_loop().time()

    async def follow_on(self, after: int, wanted: Wanted, quiet: float) -> AsyncGenerator[Batch, None]:
        """As ``follow``, and while the log can't be read it waits: for those who have nobody to tell."""
        while not self._closed:
            try:
                async for batch in self.follow(after, wanted, quiet):
                    after = batch.reached
                    yield batch
            except Refused as refused:
                _log.warning("feed_waits", after=after, code=refused.code)
                await asyncio.sleep(RETRY)

    async def _after(self, position: int) -> list[Event]:
        """The next events. Those who ask for the same after the same commit share one read."""
        name = (position, self._moves)
        if name not in self._reads:
            reading = self._reads[name] = asyncio.create_task(asyncio.to_thread(self._read, position))
            reading.add_done_callback(lambda _: self._reads.pop(name))
        return await asyncio.shield(self._reads[name])

    def _read(self, position: int) -> list[Event]:
        return [Event(record, self._project(record)) for record in self._log.read_all(position, BATCH)]

    def _project(self, record: Record) -> str | None:
        kind, _, name = record.stream.partition("-")
        if kind == "project":
            return name
        return self._project_of(record.stream) if kind == "render" else None

    def _look_up_project(self, stream: str) -> str | None:
        """The project of a render, by the first fact of its stream, which never changes."""
        first = decode(self._log.read(stream, upto=1)[0].fact)
        return first.project if isinstance(first, RenderRequested) else None

    def _committed(self, _: int) -> None:
        """In a thread of the log's."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stir)

    def _stir(self) -> None:
        """Wake everyone who waits, and let the next wait begin anew."""
        moved, self._moved = self._moved, asyncio.Event()
        self._moves += 1
        if self._closed:
            self._moved.set()
        moved.set()


async def _wait(moved: asyncio.Event, until: float) -> None:
    """Until something happens or a time of the loop's clock has come."""
    try:
        async with asyncio.timeout_at(until):
            await moved.wait()
    except TimeoutError:
        pass
