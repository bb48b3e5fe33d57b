"""A power cut at any moment: whatever sectors reached the disk, what was accepted is there and the chain holds."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.eventstore.connection import Durability
from adapters.eventstore.sqlite import SqliteLog
from tests.contracts.eventstore import put
from tests.faults.power import RecordingDisk, Tape

CUTS = 80
WRITERS, EDITS = 3, 30
CHECKPOINT_PAGES = 15  # far fewer than in earnest, so that many cuts fall into a checkpoint


def recorded(folder: Path, durability: Durability) -> tuple[dict[str, bytes], Tape]:
    """Files of an empty log, and the tape of some writers appending to it."""
    path = folder / "log.db"
    SqliteLog(path).close()
    before, tape = {path.name: path.read_bytes()}, Tape()
    disk = RecordingDisk(tape)
    try:
        log = SqliteLog(path, durability)
        log._database.write(lambda connection: connection.wal_autocheckpoint(CHECKPOINT_PAGES)).result(20)

        def write(stream: str) -> None:
            for version in range(EDITS):
                tape.told(put(log, stream, version, "a.1")[0].edit_id)

        with ThreadPoolExecutor(WRITERS) as pool:
            list(pool.map(write, [f"project-{number}" for number in range(WRITERS)]))
        log.close()
    finally:
        disk.unregister()
    return before, tape


def after_cut(folder: Path, files: dict[str, bytes], told: set[str]) -> set[str]:
    """Open what is left, prove it, and return the accepted edits that are gone."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    log = SqliteLog(folder / "log.db")
    report = log.verify()
    assert report.ok, report.fault
    kept = {record.edit_id for record in log.read_all(0, 10**6)}
    log.close()
    return told - kept


def test_what_was_accepted_survives_a_power_cut(tmp_path: Path) -> None:
    before, tape = recorded(tmp_path, "full")
    chance = random.Random(1)
    for number in range(CUTS):
        files, told = tape.survivors(before, chance.randrange(len(tape.steps)), chance)
        assert after_cut(tmp_path / f"cut{number}", files, told) == set()


def test_without_the_sync_something_would_be_lost(tmp_path: Path) -> None:
    """What ``normal`` gives up, and proof that the test above can fail: the log is whole, but shorter than was told."""
    before, tape = recorded(tmp_path, "normal")
    chance = random.Random(2)
    for number in range(CUTS):
        files, told = tape.survivors(before, chance.randrange(len(tape.steps)), chance)
        if after_cut(tmp_path / f"cut{number}", files, told):
            return
    pytest.fail("no cut lost anything: the disk that forgets does not forget")
