"""An fsync or a write that fails, the first, the second, the nth: nothing is accepted that is not on disk, writing
stops and says so, and a restart goes on from what is there.

The disk is as bad as disks are: what a failed fsync had to bring to it is lost, and later ones succeed.
"""

from pathlib import Path

from adapters.eventstore.sqlite import SqliteLog
from ops.campaigns.callers import Caller, Writers
from ops.campaigns.campaign import Run
from ops.campaigns.disk import Call, Disk, Tape
from ops.campaigns.load import Told, an_edit, writing
from ops.campaigns.power_cut import CHECKPOINT_PAGES, open_after_cut
from ops.campaigns.server import Server

EDITS, FEW = 25, 3  # of each writer before and after the restart


def failing_disk(run: Run) -> None:
    """The log with each call failing in turn, then the server."""
    calls: tuple[Call, ...] = ("sync", "write")
    for number in run.rounds(small=4, full=40):
        for call in calls:
            _nth_fails(run, run.new_folder(f"{call}{number}"), call, number + 1)
    for number in range(run.many(small=1, full=5)):
        _served(run, run.new_folder(f"served{number}"), f"served {number + 1}")


def _nth_fails(run: Run, folder: Path, call: Call, nth: int) -> None:
    """A process whose disk fails is killed, another goes on, and then the power is cut."""
    when, path, told = f"{call} {nth}", folder / "log.db", Told()
    SqliteLog(path).close()
    before = _files(folder)
    tape = _life(run, path, told, EDITS, call, nth, when)
    cached = _files(folder / "killed")
    for share in (0.0, 0.6, 1.0):
        on_disk, _ = tape.survivors(before, len(tape.steps), run.chance, share)
        again = run.folder / f"{call}{nth}-{share}"
        again.mkdir()
        for name, content in cached.items():  # what the kernel shows the next process, whatever the disk holds
            (again / name).write_bytes(content)
        later = Told(dict(told.accepted), dict(told.refused))
        tape_2 = _life(run, again / "log.db", later, FEW, None, 0, f"{when}, then a restart")
        files, _ = tape_2.survivors(on_disk, len(tape_2.steps), run.chance, share)
        open_after_cut(run, again / "cut", files, later, set(later.accepted), f"{when}, a restart, a power cut")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("log.db*") if path.suffix in (".db", ".db-wal")}


def _life(run: Run, path: Path, told: Told, edits: int, call: Call | None, nth: int, when: str) -> Tape:
    """Writers on a log until they are done, and the tape of it; with its nth ``call`` failing, if one is named.

    The files as they were at the end are left in ``killed``.
    """
    tape, accepted_before = Tape(), len(told.accepted)
    disk = Disk(tape)
    try:
        log = SqliteLog(path)
        told.check(run, log, when)
        if call:
            log._database.write(lambda connection: connection.wal_autocheckpoint(CHECKPOINT_PAGES)).result(20)
            disk.fail_next(call, nth)
        with writing(log, run.chance.randrange(2**32), edits=edits, told=told):
            pass
        if call:
            _check_stopped(run, log, told, disk, when)
        else:
            run.check(len(told.accepted) > accepted_before, f"{when}: no edit is accepted")
        killed, end = path.parent / "killed", len(tape.steps)
        killed.mkdir()
        for name, content in _files(path.parent).items():
            (killed / name).write_bytes(content)
        log.close()
        del tape.steps[end:]
    finally:
        disk.unregister()
    return tape


def _check_stopped(run: Run, log: SqliteLog, told: Told, disk: Disk, when: str) -> None:
    if _was_refused(told):
        late = an_edit(run.chance, "project-late", 0, "late")
        run.check(not told.edit(log, late), f"{when}: an edit was accepted after the disk had failed")
        run.figures["writing stopped"] += 1
    else:  # a checkpoint: what it had to copy is in the write-ahead log still, and is copied again
        run.figures["a checkpoint failed, nothing else" if disk.failures else "not reached"] += 1


def _was_refused(told: Told) -> bool:
    return any(refused.code == "outcome_unknown" for refused in told.refused.values())


def _served(run: Run, folder: Path, when: str) -> None:
    """The same under the server: 503 and a reason at /health/ready, reads go on, all is well after a restart."""
    with Server(folder) as server:
        writers = Writers(run, server)
        writers.begin()
        server.tell("fail_sync")
        with writers.at_work(edits=10):
            pass
        caller = Caller(server.url, "reader")
        late = caller.edit(writers.projects[0], [{"op": "rename_project", "name": "late"}])
        run.check((late.status, late.json.get("code")) == (503, "log_unavailable"), f"{when}: afterwards: {late}")
        health = caller.send("GET", "/health/ready")
        said = health.json["checks"]["log"]["detail"]
        run.check(health.status == 503 and "disk" in said, f"{when}: /health/ready says {health.status} {said!r}")
        caller.get(f"/projects/{writers.projects[0]}")
        caller.close()
        server.kill()
        server.start()
        refused = [sent for sent in writers.sent if sent.reply.status == 503]
        with writers.at_work(edits=3):
            pass
        writers.check(when)
        run.check(all(sent.reply.status == 200 for sent in writers.sent[-3:]), f"{when}: not after a restart either")
        run.figures["edits refused by a server whose disk failed"] += len(refused)
