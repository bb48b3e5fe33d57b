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

EDITS = 25


def failing_disk(run: Run) -> None:
    """The log with each call failing in turn, then the server."""
    calls: tuple[Call, ...] = ("sync", "write")
    for number in run.rounds(small=4, full=40):
        for call in calls:
            _nth_fails(run, run.new_folder(f"{call}{number}"), call, number + 1)
    for number in range(run.many(small=1, full=5)):
        _served(run, run.new_folder(f"served{number}"), f"served {number + 1}")


def _nth_fails(run: Run, folder: Path, call: Call, nth: int) -> None:
    when, path = f"{call} {nth}", folder / "log.db"
    SqliteLog(path).close()
    before, tape = {path.name: path.read_bytes()}, Tape()
    disk = Disk(tape)
    try:
        log = SqliteLog(path)
        log._database.write(lambda connection: connection.wal_autocheckpoint(CHECKPOINT_PAGES)).result(20)
        disk.fail_next(call, nth)
        with writing(log, run.chance.randrange(2**32), edits=EDITS, on_accepted=tape.told) as told:
            pass
        if _was_refused(told):
            late = an_edit(run.chance, "project-late", 0, "late")
            run.check(not told.edit(log, late), f"{when}: an edit was accepted after the disk had failed")
            run.figures["writing stopped"] += 1
        else:  # a checkpoint: what it had to copy is in the write-ahead log still, and is copied again
            run.figures["a checkpoint failed, nothing else" if disk.failures else "not reached"] += 1
        end = len(tape.steps)
        log.close()
    finally:
        disk.unregister()
    for share in (0.0, 0.6):
        files, names = tape.survivors(before, end, run.chance, share)
        open_after_cut(run, folder / f"cut{share}", files, told, names, f"{when}, then a power cut")
    log = SqliteLog(path)
    told.check(run, log, f"{when}, then a restart")
    again = Told()
    run.check(
        again.edit(log, an_edit(run.chance, "project-new", 0, "new")), f"{when}: no edit is accepted after a restart"
    )
    log.close()


def _was_refused(told: Told) -> bool:
    return any(refused.code in ("log_unavailable", "outcome_unknown") for refused in told.refused.values())


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
