"""Any version of a long project: exactly what the log says, from few facts."""

import asyncio
import random
import threading
from pathlib import Path

import msgspec
import pytest

from adapters.app.heads import Heads
from adapters.app.versions import STRIDE, Versions
from adapters.cli.bench.timelines import edits
from adapters.eventstore.edits import Edit, NewFact, Record
from adapters.eventstore.snapshots import STRETCH
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from rust_core import FOLD_FINGERPRINT, Project

STREAM = "project-long"
FACTS = 12_000


class CountingLog(SqliteLog):
    """A log that knows how many facts were read of it."""

    facts_read = 0

    def read(self, stream: str, after: int = 0, upto: int | None = None) -> list[Record]:
        found = super().read(stream, after, upto)
        self.facts_read += len(found)
        return found


def append(log: SqliteLog, version: int, *payloads: bytes) -> None:
    edit = Edit(
        edit_id=f"edit-{version}",
        stream=STREAM,
        expected_version=version,
        facts=[NewFact(msgspec.msgpack.decode(payload)["type"], payload) for payload in payloads],
        actor="ann",
        kind="edit",
        command=b"{}",
        correlation_id="c",
    )
    log.submit(edit).result(20)


@pytest.fixture(scope="module")
def payloads() -> list[bytes]:
    return [msgspec.msgpack.encode(fact) for fact in edits(FACTS)]


@pytest.fixture
def log(tmp_path: Path, payloads: list[bytes]) -> CountingLog:
    log = CountingLog(tmp_path / "log.db")
    for start in range(0, FACTS, 250):
        append(log, start, *payloads[start : start + 250])
    return log


def versions(log: SqliteLog) -> Versions:
    return Versions(log, Metrics())


def kept(log: SqliteLog) -> list[int]:
    """The versions with snapshots, newest first."""
    found, version = [], FACTS
    while (nearest := log.nearest_snapshot(STREAM, version, FOLD_FINGERPRINT)) is not None:
        found.append(nearest[0])
        version = nearest[0] - 1
    return found


def test_a_long_way_without_snapshots_is_gone_once(log: CountingLog, payloads: list[bytes]) -> None:
    whole = Project.empty().apply(payloads)
    first = versions(log)
    assert first.newest(STREAM).snapshot() == whole.snapshot()
    assert log.facts_read == FACTS
    first.close()
    assert kept(log) == list(range(FACTS, 0, -STRIDE))
    log.facts_read = 0
    assert versions(log).newest(STREAM).snapshot() == whole.snapshot()
    assert log.facts_read == 0
    log.close()


def test_any_version_is_exact_from_few_facts(log: CountingLog, payloads: list[bytes]) -> None:
    first = versions(log)
    first.newest(STREAM)
    first.close()
    later = versions(log)
    for version in random.Random(3).sample(range(203, FACTS), 40):
        log.facts_read = 0
        state = later.at(STREAM, version)
        assert log.facts_read <= STRETCH
        assert state.snapshot() == Project.empty().apply(payloads[:version]).snapshot()
        assert later.at(STREAM, version) is state
    log.close()


def test_an_edit_longer_than_a_stride_is_folded_whole(tmp_path: Path, payloads: list[bytes]) -> None:
    """Clips that are on top of each other for thousands of facts, and not at the end of the edit."""
    log = SqliteLog(tmp_path / "log.db")
    row = payloads[:202]
    clip = msgspec.msgpack.decode(row[5])
    moved = {"type": "clip_changed.1", "clip": clip["clip"]["id"], "at": 0}
    back = moved | {"at": clip["clip"]["at"]}
    filler = [fact for fact in payloads[202 : 2 * STRIDE] if clip["clip"]["id"].encode() not in fact]
    edit = [msgspec.msgpack.encode(moved), *filler, msgspec.msgpack.encode(back)]
    append(log, 0, *row)
    append(log, len(row), *edit)
    found = versions(log)
    assert found.newest(STREAM).version == len(row) + len(edit)
    with pytest.raises(Refused) as refused:
        found.at(STREAM, len(row) + 1)
    assert refused.value.code == "unknown_version"
    log.close()


def test_a_fact_that_can_not_be_folded_is_refused(tmp_path: Path, payloads: list[bytes]) -> None:
    log = SqliteLog(tmp_path / "log.db")
    append(log, 0, *payloads[:5000])
    append(log, 5000, payloads[0])
    with pytest.raises(Refused) as refused:
        versions(log).newest(STREAM)
    assert refused.value.code == "project_exists"
    assert versions(log).at(STREAM, 5000).version == 5000
    log.close()


class SlowLog(SqliteLog):
    """A log that once it is ``slow`` ends a reading when it is told to."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.slow, self.reading, self.go = False, threading.Event(), threading.Event()

    def read(self, stream: str, after: int = 0, upto: int | None = None) -> list[Record]:
        found = super().read(stream, after, upto)
        if self.slow:
            self.reading.set()
            assert self.go.wait(20)
        return found


def test_a_history_is_read_while_edits_go_on_and_has_them_all(tmp_path: Path, payloads: list[bytes]) -> None:
    log = SlowLog(tmp_path / "log.db")
    append(log, 0, *payloads[:202])
    append(log, 202, payloads[202])

    async def edited_meanwhile() -> Heads:
        heads = Heads(log, Metrics())
        head = heads.head("long")
        log.slow = True
        reading = asyncio.create_task(heads.read_history("long"))
        assert await asyncio.to_thread(log.reading.wait, 20)
        for version in (203, 204):
            head.submitted(
                head.tip.apply([payloads[version]]), [(version + 1, f"edit-{version}", "ann", payloads[version])]
            )
        append(log, 203, payloads[203])
        heads.settled(head, 204)  # the last one is still under way
        log.go.set()
        await reading
        return heads

    heads = asyncio.run(edited_meanwhile())
    assert [edit for edit, _, _ in heads.history(heads.head("long")).counting(0)] == [
        "edit-0",
        "edit-202",
        "edit-203",
        "edit-204",
    ]
    heads.close()
    log.close()
