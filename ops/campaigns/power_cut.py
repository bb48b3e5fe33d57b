"""Power cuts at any moment: whatever sectors reached the disk, what was accepted is there and the chain holds."""

from pathlib import Path

from adapters.eventstore.sqlite import SqliteLog
from ops.campaigns.campaign import Run
from ops.campaigns.disk import Disk, Tape
from ops.campaigns.load import Told, writing

EDITS = 30
CHECKPOINT_PAGES = 15  # far fewer than in earnest, so that many cuts fall into a checkpoint
CUTS_PER_TAPE = 200


def power_cut(run: Run) -> None:
    """Record writers on a log, then play cuts of it."""
    tape, before, told = Tape(), dict[str, bytes](), Told()
    for number in run.rounds(small=60, full=2_000):
        if number % CUTS_PER_TAPE == 0:
            before, tape, told = _recorded(run, run.new_folder(f"tape{number}"))
        files, names = tape.survivors(before, run.chance.randrange(len(tape.steps)), run.chance)
        open_after_cut(run, run.folder / f"cut{number}", files, told, names, f"cut {number + 1}")
        run.figures["cuts"] += 1
        run.figures["accepted by then"] += len(names)


def open_after_cut(run: Run, folder: Path, files: dict[str, bytes], told: Told, names: set[str], when: str) -> None:
    """Open what is left, as a server would, and look."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    log = SqliteLog(folder / "log.db")
    told.check(run, log, when, names)
    log.close()
    for left in folder.iterdir():
        left.unlink()


def _recorded(run: Run, folder: Path) -> tuple[dict[str, bytes], Tape, Told]:
    """Files of an empty log, the tape of some writers appending to it, and what they were told."""
    path = folder / "log.db"
    SqliteLog(path).close()
    before, tape = {path.name: path.read_bytes()}, Tape()
    disk = Disk(tape)
    try:
        log = SqliteLog(path)
        log._database.write(lambda connection: connection.wal_autocheckpoint(CHECKPOINT_PAGES)).result(20)
        with writing(log, run.chance.randrange(2**32), edits=EDITS, on_accepted=tape.told) as told:
            pass
        log.close()
    finally:
        disk.unregister()
    return before, tape, told
