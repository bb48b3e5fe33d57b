"""The feed over a real log: every event, in order, whatever breaks off in between; no read for each of many."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.eventstore.edits import NewFact
from adapters.eventstore.sqlite import SqliteLog
from adapters.feed import feed as module
from adapters.feed.events import Event
from adapters.feed.feed import Feed
from adapters.feed.wanted import EVERYTHING, Wanted, wanted
from domain.errors import Refused
from domain.render.events import RenderCancelled, RenderRequested
from domain.timeline.events import ProjectDeleted, ProjectRenamed
from tests.contracts.eventstore import edit

FACTS: dict[str, Callable[[str], bytes]] = {
    "project_renamed.1": lambda name: msgspec.msgpack.encode(ProjectRenamed(name)),
    "project_deleted.1": lambda _: msgspec.msgpack.encode(ProjectDeleted()),
    "render_requested.1": lambda name: msgspec.msgpack.encode(RenderRequested("j", name, 1, "draft", "/film.mp4")),
    "render_cancelled.1": lambda _: msgspec.msgpack.encode(RenderCancelled()),
}


async def append(log: SqliteLog, stream: str, tag: str, said: str = "x") -> None:
    new = edit(stream, log.version(stream))
    fact = NewFact(tag, FACTS[tag](said))
    await asyncio.wrap_future(log.submit(msgspec.structs.replace(new, facts=[fact])))


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db", "normal")
    yield log
    log.close()


def opened(log: SqliteLog) -> Feed:
    feed = Feed(log)
    feed.open()
    return feed


async def take(feed: Feed, after: int, chosen: Wanted, count: int) -> list[Event]:
    """So many events after a position, as a subscriber gets them that goes then."""
    found: list[Event] = []
    async with asyncio.timeout(20), aclosing(feed.follow(after, chosen, 0.01)) as batches:
        async for batch in batches:
            found += batch.events
            assert [event.record.position for event in found if event.record.position > batch.reached] == []
            if len(found) >= count:
                break
    return found[:count]


STREAMS = ("project-a", "project-b", "render-a1", "render-b1")
TAGS = {"project": ("project_renamed.1", "project_deleted.1"), "render": ("render_cancelled.1",)}


def belongs(stream: str) -> str:
    return stream.partition("-")[2][0]


@settings(max_examples=40, deadline=None)
@given(
    facts=st.lists(st.tuples(st.sampled_from(STREAMS), st.integers(0, 1)), min_size=1, max_size=30),
    sittings=st.lists(st.integers(1, 7), min_size=1, max_size=40),
    project=st.sampled_from([None, "a", "b"]),
    types=st.sets(st.sampled_from(["project_renamed", "project_deleted.1", "render_requested", "render_cancelled"])),
    live=st.booleans(),
)
def test_any_sequence_of_disconnects_gives_every_event_once_and_in_order(
    facts: list[tuple[str, int]], sittings: list[int], project: str | None, types: set[str], live: bool
) -> None:
    """The log grows meanwhile, or is there already; the subscriber comes back each time with the last position it saw,
    to a feed that was made anew, as after a restart."""

    async def story() -> None:
        with TemporaryDirectory() as folder:
            log = SqliteLog(Path(folder) / "log.db", "normal")
            try:
                writing = asyncio.create_task(write(log))
                if not live:
                    await writing
                await listen(log, writing)
            finally:
                log.close()

    async def write(log: SqliteLog) -> None:
        for stream, choice in facts:
            kind = stream.partition("-")[0]
            begins = kind == "render" and log.version(stream) == 0
            tag = "render_requested.1" if begins else TAGS[kind][choice % len(TAGS[kind])]
            await append(log, stream, tag, belongs(stream))

    async def listen(log: SqliteLog, writing: "asyncio.Task[None]") -> None:
        chosen, got, cursor = wanted(project, sorted(types)), [], 0
        for sitting in [*sittings, len(facts)]:
            feed = opened(log)
            if sitting == len(facts):
                await writing
            expected = model(log, cursor)
            for event in await take(feed, cursor, chosen, min(sitting, len(expected))):
                got.append(event.record.position)
                cursor = event.record.position
        assert got == model(log, 0)

    def model(log: SqliteLog, after: int) -> list[int]:
        return [
            record.position
            for record in log.read_all(after, 1000)
            if (project is None or belongs(record.stream) == project)
            and (not types or record.tag in types or record.tag[:-2] in types)
        ]

    asyncio.run(story())


async def test_subscribers_at_one_place_share_a_read_and_the_encoded_event(log: SqliteLog) -> None:
    feed = opened(log)
    reads: list[int] = []
    real = log.read_all

    def counting(after: int, limit: int, prefix: str = "") -> Any:
        reads.append(after)
        return real(after, limit, prefix)

    log.read_all = counting  # type: ignore[method-assign]
    waiting = [asyncio.create_task(take(feed, 0, EVERYTHING, 20)) for _ in range(50)]
    await asyncio.sleep(0.05)
    for _ in range(20):
        await append(log, "project-a", "project_renamed.1")
    found = await asyncio.gather(*waiting)
    assert {tuple(event.record.position for event in events) for events in found} == {tuple(range(1, 21))}
    assert len({id(event.json) for events in found for event in events}) < 20 * 5  # 50 times 20 without sharing
    assert len([after for after in reads if 0 < after < 20]) < 20 * 5


async def test_one_with_nobody_to_tell_waits_until_the_log_can_be_read_again(
    log: SqliteLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY", 0.01)
    for _ in range(3):
        await append(log, "project-a", "project_renamed.1")
    real, reads = log.read_all, iter((False, True, True, False))

    def now_and_then(after: int, limit: int, prefix: str = "") -> Any:
        if next(reads, False):
            raise Refused("log_unavailable", "planted")
        return real(after, 1, prefix)

    log.read_all = now_and_then  # type: ignore[method-assign]
    found: list[int] = []
    async with asyncio.timeout(20), aclosing(opened(log).follow_on(0, EVERYTHING, 60)) as batches:
        async for batch in batches:
            found += [event.record.position for event in batch.events]
            if len(found) == 3:
                break
    assert found == [1, 2, 3]


async def test_a_feed_with_nothing_new_is_still_heard(log: SqliteLog) -> None:
    await append(log, "project-a", "project_renamed.1")
    async with asyncio.timeout(20), aclosing(opened(log).follow(0, Wanted("b"), 0.01)) as batches:
        async for batch in batches:
            assert batch.events == []
            if batch.reached == 1:
                break


async def test_a_cursor_that_the_log_never_gave_is_refused(log: SqliteLog) -> None:
    await append(log, "project-a", "project_renamed.1")
    feed = opened(log)
    await feed.check(1)
    with pytest.raises(Refused) as refusal:
        await feed.check(2)
    assert refusal.value.code == "cursor_ahead"


async def test_a_page_reads_a_bounded_part_of_the_log_and_says_where_it_got_to(log: SqliteLog) -> None:
    facts = [NewFact("project_deleted.1", FACTS["project_deleted.1"](""))] * 4000
    log.submit(msgspec.structs.replace(edit("project-a", 0), facts=facts)).result(30)
    await append(log, "project-b", "project_renamed.1")
    feed, after, found, pages = opened(log), 0, [], 0
    while True:
        page = await feed.page(after, 10, Wanted("b"))
        found += page.items
        after, pages = page.next_after, pages + 1
        if after == page.position:
            break
    assert [event.position for event in found] == [4001]
    assert pages == 2


@pytest.mark.parametrize("name", ["clip_aded", "clip_added.x", "", "stoat"])
def test_a_type_that_no_fact_has_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refusal:
        wanted(None, [name])
    assert refusal.value.path == "types"


def test_a_type_may_be_said_as_the_events_say_it() -> None:
    assert wanted(None, ["dev.stoat-ferret.clip_added.1", "clip_added"]).types == {"clip_added.1", "clip_added"}
