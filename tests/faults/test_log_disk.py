"""A disk that is full or fails: the edit is refused, nothing of it is kept, and writing goes on when the disk can."""

import errno
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from adapters.eventstore.connection import open_reader
from adapters.eventstore.edits import Answer, Edit, NewFact
from adapters.eventstore.refusals import is_full
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from ops.campaigns.disk import Disk, Tape
from ops.campaigns.server import Server
from tests.contracts.eventstore import edit, put, refused


@pytest.fixture
def disk() -> Iterator[Disk]:
    disk = Disk(Tape())
    yield disk
    disk.unregister()


def syncs(disk: Disk) -> int:
    """How often the write-ahead log was synced."""
    assert disk.tape is not None
    return disk.tape.steps.count(("sync", "log.db-wal"))


def large(stream: str, after: int, size: int) -> Edit:
    return Edit(
        edit_id=f"large-{stream}-{after}-{size}",
        stream=stream,
        expected_version=after,
        facts=[NewFact("a.1", bytes(size))],
        actor="ann",
        kind="edit",
        command=b"{}",
        correlation_id="c",
        answer=Answer(f"key-{stream}-{after}", b"r", 200, b"ok"),
    )


def limit_pages(log: SqliteLog, pages: int) -> None:
    """Let the file grow by so many pages more, as a disk with so much room would."""
    log._database.write(lambda c: c.pragma("max_page_count", c.pragma("page_count") + pages)).result(20)


def test_a_full_disk_refuses_the_edit_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    put(log, "project-p", 0, "a.1")
    limit_pages(log, 20)
    before = log.read_all(0, 10)
    assert refused(log, large("project-q", 0, 500_000)).code == "storage_full"
    assert log.read_all(0, 10) == before
    assert (log.answer("ann", "key-project-q-0"), log.edit("large-project-q-0-500000")) == (None, None)
    put(log, "project-p", 1, "b.1")  # what fits is still taken
    limit_pages(log, 10_000)
    assert log.submit(large("project-q", 0, 500_000)).result(20)
    assert log.verify().events == 3
    log.close()


def test_an_edit_too_large_for_the_disk_does_not_take_others_with_it(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    limit_pages(log, 40)
    go, here = threading.Event(), threading.Event()
    log._database.write(lambda _: (here.set(), go.wait(60)))
    assert here.wait(20)
    first, huge, last = (
        log.submit(edit("project-p", 0, "a.1")),
        log.submit(large("project-q", 0, 500_000)),
        log.submit(edit("project-p", 1, "b.1")),
    )
    go.set()
    assert [r.position for r in first.result(20) + last.result(20)] == [1, 2]
    refusal = huge.exception(20)
    assert isinstance(refusal, Refused)
    assert refusal.code == "storage_full"
    log.close()


def test_an_answer_comes_after_the_sync(tmp_path: Path, disk: Disk) -> None:
    log = SqliteLog(tmp_path / "log.db")
    for version in range(5):
        before = syncs(disk)
        put(log, "project-p", version, "a.1")
        assert syncs(disk) > before
    log.close()
    log = SqliteLog(tmp_path / "log.db", durability="normal")
    put(log, "project-p", 5, "a.1")
    before = syncs(disk)
    put(log, "project-p", 6, "a.1")
    assert syncs(disk) == before  # what "normal" gives up
    log.close()


def test_after_a_failed_sync_nothing_is_written_until_a_restart(tmp_path: Path, disk: Disk) -> None:
    log = SqliteLog(tmp_path / "log.db")
    put(log, "project-p", 0, "a.1")
    disk.fail_next("sync")
    assert refused(log, edit("project-p", 1, "lost.1")).code == "outcome_unknown"
    assert refused(log, edit("project-p", 1, "late.1")).code == "log_unavailable"
    assert (log.version("project-p"), log.position()) == (1, 1)
    log.close()
    log = SqliteLog(tmp_path / "log.db")
    assert put(log, "project-p", 1, "b.1")[0].position == 2
    assert [r.tag for r in log.read("project-p")] == ["a.1", "b.1"]
    assert log.verify().ok
    log.close()


def test_a_log_that_somebody_reads_can_be_opened_and_loses_nothing(tmp_path: Path, disk: Disk) -> None:
    """A process whose disk failed is killed, and somebody looks at the log before the next one begins, and goes on
    looking. Then the power is cut."""
    assert disk.tape is not None
    log, killed, cut = SqliteLog(tmp_path / "log.db"), tmp_path / "killed", tmp_path / "cut"
    put(log, "project-p", 0, "a.1")
    disk.fail_next("sync")
    assert refused(log, edit("project-p", 1, "unsure.1")).code == "outcome_unknown"
    end = len(disk.tape.steps)
    for folder in (killed, cut):
        folder.mkdir()
    for name in ("log.db", "log.db-wal"):  # what the kernel shows the next process, whatever the disk holds
        (killed / name).write_bytes((tmp_path / name).read_bytes())
    log.close()
    del disk.tape.steps[end:]
    reader = open_reader(killed / "log.db")
    reader.execute("BEGIN")
    assert reader.execute("SELECT count(*) FROM events").get == 2
    log = SqliteLog(killed / "log.db")
    told = put(log, "project-p", 2, "c.1")
    files, _ = disk.tape.survivors({}, len(disk.tape.steps), random.Random(1), share=0.0)
    assert reader.execute("SELECT count(*) FROM events").get == 2
    reader.close(True)
    log.close()
    for name in ("log.db", "log.db-wal"):
        (cut / name).write_bytes(files[name])
    again = SqliteLog(cut / "log.db")
    assert again.read("project-p", 2) == told
    assert again.verify().ok
    again.close()


def test_a_failed_sync_is_not_a_full_disk_whatever_its_reason() -> None:
    failed = apsw.IOError("fsync")
    failed.extendedresult = apsw.SQLITE_IOERR_FSYNC  # type: ignore[attr-defined]
    assert not is_full(failed, errno.ENOSPC)
    assert is_full(apsw.IOError("write"), errno.ENOSPC)


def test_a_second_process_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with Server(tmp_path) as server:
        with pytest.raises(Refused, match=f"Process {server.child.pid} is writing") as refusal:
            SqliteLog(server.data / "log.db")
        assert refusal.value.code == "log_unavailable"
    SqliteLog(server.data / "log.db").close()
