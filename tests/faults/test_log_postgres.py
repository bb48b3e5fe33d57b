"""The log on PostgreSQL when a process, the server or the wire between them dies: what was accepted is there, once."""

import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.eventstore.port import EventLog
from adapters.eventstore.postgres.log import PostgresLog
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused
from tests.faults.wire import Moment, Wire
from tests.postgres import Server, server

KILLS = 4
WRITERS = 6
SOON = 60.0

Told = tuple[str, int, int, str]  # stream, version, position, edit id


def killed_writer(url: str, delay: float, *flags: str) -> list[Told]:
    """Let a process write for a while after its first answer, kill it, and return what it had been told."""
    argv = [sys.executable, "-m", "tests.faults.log_writer_postgres", url, *flags]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(delay)
    process.kill()
    lines = [first, *process.stdout.read().splitlines(keepends=True)]
    process.wait()
    fields = [line.split() for line in lines if line.endswith("\n")]
    return [(stream, int(version), int(position), edit_id) for stream, version, position, edit_id in fields]


def lost(log: EventLog, told: list[Told]) -> list[str]:
    """The edits that were accepted and are not in the log as somebody was told."""
    kept = {(r.stream, r.version, r.position, r.edit_id) for r in log.read_all(0, 10**6)}
    return [one[3] for one in told if one not in kept]


def must_be_whole(log: EventLog, told: list[Told]) -> None:
    report = log.verify()
    assert report.ok, report.fault
    assert lost(log, told) == []


def test_every_accepted_edit_survives_kill_9_of_the_process(postgres: Server) -> None:
    chance, told, url = random.Random(7), list[Told](), postgres.database()
    for _ in range(KILLS):
        told += killed_writer(url, chance.uniform(0.02, 0.25))
        log = PostgresLog(url)
        must_be_whole(log, told)
        log.close()
    assert len(told) > 10


def test_an_answer_before_the_commit_would_be_noticed(postgres: Server) -> None:
    for _ in range(KILLS + 4):
        url = postgres.database()
        told = killed_writer(url, 0.05, "--answers-too-early")
        log = PostgresLog(url)
        found = lost(log, told)
        log.close()
        if found:
            return
    pytest.fail("the planted bug went unnoticed")


def test_every_accepted_edit_survives_kill_9_of_the_server() -> None:
    """Writers go on through it: what was under way is looked for, and made if it is not there."""
    with server() as dying:
        log, told, unanswered = PostgresLog(dying.database()), list[Told](), list[str]()
        ended = threading.Event()

        def write(stream: str) -> None:
            version = 0
            while not ended.is_set():
                wanted = edit(stream, version, "a.1", "b.1")
                try:
                    last = log.submit(wanted).result(SOON)[-1]
                except Refused as refusal:
                    unanswered.append(refusal.code)
                    version = log.version(stream)
                else:
                    told.append((stream, last.version, last.position, last.edit_id))
                    version = last.version

        threads = [threading.Thread(target=write, args=(f"project-{number}",)) for number in range(WRITERS)]
        for thread in threads:
            thread.start()
        for _ in range(KILLS):
            before, deadline = len(told), time.monotonic() + SOON
            while len(told) < before + 20:
                assert time.monotonic() < deadline, unanswered
                time.sleep(0.01)
            dying.kill()
            time.sleep(0.2)
            dying.start()
        ended.set()
        for thread in threads:
            thread.join()
        assert unanswered == []  # the server was back before anybody's patience had ended
        must_be_whole(log, told)
        facts = log.read_all(0, 10**6)
        assert len(facts) == 2 * len(told)  # nothing twice, nothing half, nothing that nobody was told of
        log.close()


@pytest.fixture
def wired(postgres: Server) -> Iterator[tuple[PostgresLog, Wire, str]]:
    """A log at the other end of a wire, and the log's own address."""
    url = postgres.database()
    with tempfile.TemporaryDirectory(prefix="stoat-wire-") as folder:
        wire = Wire(Path(folder), postgres.folder)
        log = PostgresLog(url.replace(str(postgres.folder), folder))
        yield log, wire, url
        log.close()
        wire.close()


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_commit_that_was_not_answered_is_looked_for(wired: tuple[PostgresLog, Wire, str], moment: Moment) -> None:
    log, wire, _ = wired
    put(log, "project-p", 0, "a.1")
    wire.armed = moment
    assert [record.position for record in put(log, "project-p", 1, "b.1", "c.1")] == [2, 3]
    assert wire.broke == 1
    put(log, "project-p", 3, "d.1")
    must_be_whole(log, [])
    assert [record.tag for record in log.read("project-p")] == ["a.1", "b.1", "c.1", "d.1"]


def test_an_edit_that_is_not_looked_for_would_be_noticed(
    wired: tuple[PostgresLog, Wire, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, wire, _ = wired
    monkeypatch.setattr("adapters.eventstore.postgres.recorder.records_of", lambda *_: [])
    wire.armed = "after"
    assert refused(log, edit("project-p", 0, "a.1")).code == "version_conflict"  # with itself


def test_an_outcome_that_nobody_knows_is_told_as_such(
    wired: tuple[PostgresLog, Wire, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    log, wire, url = wired
    monkeypatch.setattr("adapters.eventstore.postgres.writer.PATIENCE_SECONDS", 0.5)
    put(log, "project-p", 0, "a.1")
    wire.stays_broken, wire.armed = True, "after"
    assert refused(log, edit("project-p", 1, "b.1")).code == "outcome_unknown"
    assert refused(log, edit("project-p", 2, "c.1")).code == "log_unavailable"  # that one was never sent
    wire.stays_broken = False
    assert put(log, "project-p", 2, "c.1")[0].position == 3
    other = PostgresLog(url)
    must_be_whole(other, [])
    other.close()


def test_a_server_that_stopped_inside_a_commit_is_waited_for(wired: tuple[PostgresLog, Wire, str]) -> None:
    """Two processes on the log: the lock of a transaction that ends late keeps the other one from passing it."""
    log, wire, url = wired
    other = PostgresLog(url)
    wire.armed = "after"
    first = log.submit(edit("project-p", 0, "a.1"))
    for version in range(20):
        put(other, "project-q", version, "b.1")
    assert first.result(SOON)[0].version == 1
    must_be_whole(other, [])
    assert [record.position for record in other.read_all(0, 100)] == list(range(1, 22))
    other.close()
