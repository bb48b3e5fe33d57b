"""A disk that is full or fails: the edit is refused, nothing of it is kept, and writing goes on when the disk can."""

import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from adapters.eventstore.edits import Answer, Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused


class FailingFile(apsw.VFSFile):
    """A file whose write-ahead log can be made to fail."""

    def __init__(self, disk: "FailingDisk", name: object, flags: list[int]) -> None:
        super().__init__("unix", name, flags)  # type: ignore[arg-type]
        self.disk, self.is_wal = disk, bool(flags[0] & apsw.SQLITE_OPEN_WAL)

    def xSync(self, flags: int) -> None:
        if self.is_wal and self.disk.failing:
            raise apsw.IOError("fsync failed")
        self.disk.syncs += self.is_wal
        super().xSync(flags)


class FailingDisk(apsw.VFS):
    """Everything that SQLite opens while this is here goes through it."""

    def __init__(self) -> None:
        super().__init__("failing", "unix", makedefault=True)
        self.failing, self.syncs = False, 0

    def xOpen(self, name: object, flags: list[int]) -> FailingFile:
        return FailingFile(self, name, flags)


@pytest.fixture
def disk() -> Iterator[FailingDisk]:
    disk = FailingDisk()
    yield disk
    disk.unregister()


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


def test_the_limit_of_a_file_is_a_full_disk_as_well(tmp_path: Path) -> None:
    """In a process of its own, because the limit holds for every file."""
    finished = subprocess.run(
        [sys.executable, "-c", f"from {__name__} import fill_up; fill_up({str(tmp_path / 'log.db')!r})"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert finished.stdout.endswith("refused and resumed\n"), finished.stderr
    assert finished.returncode == 0


def fill_up(path: str) -> None:
    """Write until the file can't grow, see what is left, let it grow, go on."""
    log = SqliteLog(Path(path))
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, most))
    version = 0
    try:
        while True:
            version = log.submit(large("project-p", version, 5_000)).result(10)[-1].version
    except Refused as refusal:
        assert refusal.code == "storage_full", refusal
    assert refused(log, large("project-p", version, 5_001)).code == "storage_full"
    assert log.version("project-p") == log.position() == version > 10
    assert log.answer("ann", f"key-project-p-{version}") is None
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    assert put(log, "project-p", version, "b.1")[0].version == version + 1
    assert log.verify().ok
    print("refused and resumed")
    log.close()


def test_an_answer_comes_after_the_sync(tmp_path: Path, disk: FailingDisk) -> None:
    log = SqliteLog(tmp_path / "log.db")
    for version in range(5):
        before = disk.syncs
        put(log, "project-p", version, "a.1")
        assert disk.syncs > before
    log.close()
    log = SqliteLog(tmp_path / "log.db", durability="normal")
    put(log, "project-p", 5, "a.1")
    before = disk.syncs
    put(log, "project-p", 6, "a.1")
    assert disk.syncs == before  # what "normal" gives up
    log.close()


def test_a_failed_sync_is_never_answered_as_accepted(tmp_path: Path, disk: FailingDisk) -> None:
    log = SqliteLog(tmp_path / "log.db")
    put(log, "project-p", 0, "a.1")
    disk.failing = True
    for _ in range(2):
        assert refused(log, edit("project-p", 1, "lost.1")).code == "log_unavailable"
    assert (log.version("project-p"), log.position()) == (1, 1)
    disk.failing = False
    assert put(log, "project-p", 1, "b.1")[0].position == 2
    assert log.verify().ok
    log.close()
    log = SqliteLog(tmp_path / "log.db")
    assert [r.tag for r in log.read("project-p")] == ["a.1", "b.1"]
    log.close()


def test_a_refused_commit_does_not_come_back_after_a_crash(tmp_path: Path, disk: FailingDisk) -> None:
    log = SqliteLog(tmp_path / "log.db")
    put(log, "project-p", 0, "a.1")
    disk.failing = True
    assert refused(log, edit("project-p", 1, "lost.1")).code == "log_unavailable"
    disk.failing = False
    log.save_snapshot("project-p", 1, "f", b"s").result(20)  # the next job mends the connection first
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("log.db", "log.db-wal"):
        (crashed / name).write_bytes((tmp_path / name).read_bytes())
    log.close()
    after = SqliteLog(crashed / "log.db")
    assert [r.tag for r in after.read("project-p")] == ["a.1"]
    after.close()
