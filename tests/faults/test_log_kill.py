"""A process that is killed while it writes: what it was told is accepted is there, whole, and nothing half done is."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused

KILLS = 6


def killed_writer(path: Path, delay: float, *flags: str) -> list[tuple[str, int, int, str]]:
    """Let a process write for a while after its first answer, kill it, and return what it had been told."""
    command = [sys.executable, "-m", "tests.faults.log_writer", str(path), *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    lines = [first, *process.stdout.read().splitlines(keepends=True)]
    process.wait()
    fields = [line.split() for line in lines if line.endswith("\n")]
    return [(stream, int(version), int(position), edit_id) for stream, version, position, edit_id in fields]


def lost(log: SqliteLog, acknowledged: list[tuple[str, int, int, str]]) -> list[str]:
    """The edits that were accepted and are not in the log as the writer was told."""
    kept = {(r.stream, r.version, r.position, r.edit_id) for r in log.read_all(0, 10**6)}
    return [told[3] for told in acknowledged if told not in kept]


def test_every_accepted_edit_survives_kill_9(tmp_path: Path) -> None:
    chance = random.Random(7)
    acknowledged: list[tuple[str, int, int, str]] = []
    for _ in range(KILLS):
        acknowledged += killed_writer(tmp_path / "log.db", chance.uniform(0.02, 0.25))
        log = SqliteLog(tmp_path / "log.db")  # the lock went with the process
        report = log.verify()
        assert report.ok, report.fault
        assert lost(log, acknowledged) == []
        for stream in log.streams():
            assert [e.first_version for e in log.edits(stream, limit=10**6)][1:] == [
                e.last_version + 1 for e in log.edits(stream, limit=10**6)
            ][:-1]
        log.close()
    assert len(acknowledged) > 20


def test_an_answer_before_the_commit_would_be_noticed(tmp_path: Path) -> None:
    for number in range(KILLS):
        path = tmp_path / f"{number}.db"
        acknowledged = killed_writer(path, 0.05, "--answers-too-early")
        log = SqliteLog(path)
        found = lost(log, acknowledged)
        log.close()
        if found:
            return
    pytest.fail("the planted bug went unnoticed")


def test_a_second_process_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.log_writer", str(tmp_path / "log.db")], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    try:
        with pytest.raises(Refused, match=f"Process {process.pid} is writing") as refusal:
            SqliteLog(tmp_path / "log.db")
        assert refusal.value.code == "log_unavailable"
    finally:
        process.kill()
        process.stdout.close()
        process.wait()
    SqliteLog(tmp_path / "log.db").close()
