"""The log as a feed: pages of facts for those who poll, and a stream that resumes for those who listen."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from adapters.eventstore.edits import Record
from adapters.eventstore.port import EventLog
from projections.times import utc

BATCH = 200


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A fact with what is known about it. ``fact`` is in stored units: flicks and millionths."""

    position: int
    stream: str
    version: int
    type: str
    edit_id: str
    event_id: str
    actor: str
    correlation_id: str
    time: str
    fact: dict[str, Any]


class EventPage(msgspec.Struct, frozen=True):
    """Facts in the order of the log. ``next_after`` asks for what follows; ``position`` is the log's end."""

    items: list[Event]
    next_after: int
    position: int


class Feed:
    """Reads the log for others. Made in the event loop that it is listened to in."""

    def __init__(self, log: EventLog) -> None:
        """Over a log."""
        self._log = log
        self._loop: asyncio.AbstractEventLoop | None = None
        self._moved = asyncio.Event()
        self._closed = False
        log.on_commit(self._committed)

    def open(self) -> None:
        """Begin to listen, in the running loop."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._moved.set()

    def page(self, after: int, limit: int, types: frozenset[str]) -> EventPage:
        """Up to ``limit`` facts after a position, of these types where any are named.

        Looks at a bounded part of the log; where that holds too few, ``next_after`` goes on behind it.
        """
        found: list[Event] = []
        reached = after
        for _ in range(16):
            records = self._log.read_all(reached, BATCH)
            for record in records:
                reached = record.position
                if _wanted(record, types):
                    found.append(event(record))
                if len(found) == limit:
                    return EventPage(found, reached, self._log.position())
            if len(records) < BATCH:
                break
        return EventPage(found, reached, self._log.position())

    async def follow(self, after: int, types: frozenset[str], quiet: float) -> AsyncIterator[Event | None]:
        """Every fact after a position, as it becomes durable; None after ``quiet`` seconds without one."""
        while not self._closed:
            moved = self._moved
            records = self._log.read_all(after, BATCH)
            for record in records:
                after = record.position
                if _wanted(record, types):
                    yield event(record)
            if records:
                continue
            try:
                await asyncio.wait_for(moved.wait(), quiet)
            except TimeoutError:
                yield None

    def _committed(self, _: int) -> None:
        """In the writer thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._stir)

    def _stir(self) -> None:
        """Wake everyone who waits, and let the next wait begin anew."""
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


def _wanted(record: Record, types: frozenset[str]) -> bool:
    return not types or record.tag in types or record.tag.partition(".")[0] in types


def event(record: Record) -> Event:
    """A record as others see it."""
    fact = msgspec.msgpack.decode(record.payload)
    fact.pop("type", None)
    return Event(
        position=record.position,
        stream=record.stream,
        version=record.version,
        type=record.tag,
        edit_id=record.edit_id,
        event_id=record.event_id,
        actor=record.actor,
        correlation_id=record.correlation_id,
        time=utc(record.time_us),
        fact=fact,
    )
