"""Events on a real NATS: all of them, in order, through kills, lost stores and logs that are exchanged."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import nats
import pytest
from nats.js.errors import NotFoundError

from adapters.broker import nats_events
from adapters.broker.nats_events import STREAM, NatsEvents, body, subject
from adapters.broker.server import private_server
from adapters.eventstore.edits import Record
from adapters.eventstore.sqlite import SqliteLog
from adapters.feed.events import Event
from adapters.feed.feed import Feed
from tests.contracts.test_broker_nats import server_pid
from tests.contracts.test_feed import append

pytestmark = pytest.mark.nats


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_events, "QUIET", 0.2)
    monkeypatch.setattr(nats_events, "LONGEST_WAIT", 0.3)


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with private_server(tmp_path / "nats") as url:
        yield url


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db", "normal")
    yield log
    log.close()


@asynccontextmanager
async def publishing(url: str, log: SqliteLog) -> AsyncIterator[None]:
    feed = Feed(log)
    feed.open()
    running = asyncio.create_task(NatsEvents(url, log, feed).run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def stored(url: str) -> list[nats.js.api.RawStreamMsg]:
    """What the stream holds now."""
    client = await nats.connect(url, connect_timeout=1)
    try:
        js = client.jetstream()
        state = (await js.stream_info(STREAM)).state
        return [await js.get_msg(STREAM, number) for number in range(state.first_seq, state.last_seq + 1)]
    finally:
        await client.close()


async def holds(url: str, positions: list[int]) -> list[nats.js.api.RawStreamMsg]:
    """The stream's messages, once they are the events at these positions."""
    found: list[int] = []
    for _ in range(200):
        try:
            messages = await stored(url)
            found = [msgspec.json.decode(message.data)["position"] for message in messages]
        except (nats.errors.Error, NotFoundError, OSError, msgspec.DecodeError):
            messages = []
        if messages and found == positions:
            return messages
        await asyncio.sleep(0.1)
    raise AssertionError(f"the stream holds {found}")


async def grow(log: SqliteLog, count: int) -> list[int]:
    for number in range(count):
        await append(log, f"project-{number % 3}", "project_renamed.1", f"n{number}")
    return list(range(1, log.position() + 1))


async def test_every_event_is_there_under_its_subject_and_its_id(url: str, log: SqliteLog) -> None:
    await grow(log, 3)
    async with publishing(url, log):
        await append(log, "render-j", "render_requested.1", "0")
        messages = await holds(url, [1, 2, 3, 4])
    assert [message.subject for message in messages] == [
        "stoat.events.project.project-0.project_renamed",
        "stoat.events.project.project-1.project_renamed",
        "stoat.events.project.project-2.project_renamed",
        "stoat.events.render.render-j.render_requested",
    ]
    for message, record in zip(messages, log.read_all(0, 10), strict=True):
        assert message.headers is not None
        assert message.headers["Nats-Msg-Id"] == record.event_id
        assert message.headers["Content-Type"] == "application/cloudevents+json"
        assert msgspec.json.decode(message.data)["id"] == record.event_id
    assert msgspec.json.decode(messages[3].data)["project"] == "0"


async def test_a_restart_goes_on_where_the_stream_ends(url: str, log: SqliteLog) -> None:
    for _ in range(3):
        positions = await grow(log, 4)
        async with publishing(url, log):
            await holds(url, positions)
    assert len(await stored(url)) == 12


async def test_two_servers_on_one_log_publish_each_event_once_and_in_order(url: str, log: SqliteLog) -> None:
    async with publishing(url, log), publishing(url, log):
        await holds(url, await grow(log, 40))


async def test_a_killed_server_leaves_no_gap(url: str, log: SqliteLog, tmp_path: Path) -> None:
    async with publishing(url, log):
        for _ in range(3):
            await grow(log, 10)
            os.kill(server_pid(tmp_path), signal.SIGKILL)
            positions = await grow(log, 10)
            await holds(url, positions)


async def test_a_lost_store_is_filled_again_from_the_log(url: str, log: SqliteLog, tmp_path: Path) -> None:
    positions = await grow(log, 5)
    async with publishing(url, log):
        await holds(url, positions)
        pid = server_pid(tmp_path)
        os.kill(pid, signal.SIGSTOP)
        shutil.rmtree(tmp_path / "nats" / "store")
        os.kill(pid, signal.SIGKILL)
        await holds(url, positions)  # without anything new happening
        await holds(url, await grow(log, 2))


async def test_a_stream_that_was_emptied_or_removed_is_filled_again(url: str, log: SqliteLog) -> None:
    positions = await grow(log, 5)
    async with publishing(url, log):
        await holds(url, positions)
        client = await nats.connect(url)
        await client.jetstream().purge_stream(STREAM)
    async with publishing(url, log):
        await holds(url, positions)
        await client.jetstream().delete_stream(STREAM)
        await holds(url, positions)
    await client.close()


async def test_a_log_that_is_another_one_is_published_anew(url: str, log: SqliteLog, tmp_path: Path) -> None:
    async with publishing(url, log):
        await holds(url, await grow(log, 6))
    other = SqliteLog(tmp_path / "other.db", "normal")
    positions = await grow(other, 3)
    async with publishing(url, other):
        messages = await holds(url, positions)
    assert msgspec.json.decode(messages[0].data)["id"] == other.read_all(0, 1)[0].event_id
    other.close()


async def test_what_somebody_else_wrote_into_it_does_not_stay(url: str, log: SqliteLog) -> None:
    async with publishing(url, log):
        positions = await grow(log, 3)
        await holds(url, positions)
        client = await nats.connect(url)
        await client.jetstream().publish("stoat.events.x.y.z", b"nonsense")
        await client.close()
        await holds(url, await grow(log, 1))


async def test_the_stream_holds_the_newest(url: str, log: SqliteLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nats_events, "HELD", 5)
    await grow(log, 8)
    async with publishing(url, log):
        await holds(url, [4, 5, 6, 7, 8])
        await grow(log, 2)
        await holds(url, [6, 7, 8, 9, 10])


async def test_a_stream_that_takes_nothing_any_more_is_made_anew(url: str, log: SqliteLog) -> None:
    """As one does whose disk was full once; a sealed stream behaves the same."""
    positions = await grow(log, 2)
    async with publishing(url, log):
        await holds(url, positions)
        client = await nats.connect(url)
        config = (await client.jetstream().stream_info(STREAM)).config
        config.sealed = True
        await client.jetstream().update_stream(config)
        await client.close()
        await holds(url, await grow(log, 2))


def record(stream: str, tag: str) -> Record:
    payload = msgspec.msgpack.encode({"type": tag, "name": "x" * 5000})
    return Record(7, stream, 1, tag, payload, "edit", "event", "ann", "c", None, 0, b"")


@pytest.mark.parametrize(
    ("stream", "tag", "expected"),
    [
        ("project-a_B-1", "clip_added.1", "stoat.events.project.project-a_B-1.clip_added"),
        ("a.b", "x", "stoat.events.a_b.a_b.x"),
        ("a > *", "x y.2", "stoat.events.a____.a____.x_y"),
        ("", "", "stoat.events._._._"),
    ],
)
def test_a_subject_has_five_tokens_whatever_the_stream_is_called(stream: str, tag: str, expected: str) -> None:
    assert subject(Event(record(stream, tag), None)) == expected


def test_an_event_too_large_for_the_server_says_where_its_data_is() -> None:
    event = Event(record("project-p", "project_renamed.1"), "p")
    assert body(event, 1 << 20) == event.json
    small = msgspec.json.decode(body(event, 4096))
    assert small == {
        **{k: v for k, v in msgspec.json.decode(event.json).items() if k != "data"},
        "dataref": small["dataref"],
    }
    assert small["dataref"] == "/api/v1/events?after=6&limit=1"
