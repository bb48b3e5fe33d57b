"""Copies of a log that is being written, its write-ahead log cut off anywhere: each opens, proves itself and is a
prefix."""

import time
from pathlib import Path

from adapters.eventstore.sqlite import SqliteLog
from ops.campaigns.campaign import Run
from ops.campaigns.load import writing

COPIES = 25  # of each log: without checkpoints it grows fast


def torn_wal(run: Run) -> None:
    """One log after the other."""
    for number in run.rounds(small=1, full=20):
        _copy_and_look(run, run.new_folder(f"log{number}"))


def _copy_and_look(run: Run, folder: Path) -> None:
    """Copy the two files while four writers write. No checkpoint comes between, which would change both at once."""
    log = SqliteLog(folder / "log.db")
    log._database.write(lambda connection: connection.wal_autocheckpoint(0)).result(20)
    copies: dict[Path, set[str]] = {}
    with writing(log, run.chance.randrange(2**32)) as told:
        for number in range(COPIES):
            time.sleep(run.chance.uniform(0, 0.01))
            before = set(told.accepted)
            wal = (folder / "log.db-wal").read_bytes()
            whole = run.chance.random() < 0.2
            copy = folder / f"copy{number}"
            copy.mkdir()
            (copy / "log.db").write_bytes((folder / "log.db").read_bytes())
            (copy / "log.db-wal").write_bytes(wal if whole else wal[: run.chance.randrange(len(wal) + 1)])
            copies[copy] = before if whole else set()
    chains = {record.position: record.chain for record in log.read_all(0, 10**9)}
    log.close()
    for copy, accepted in copies.items():
        when, torn = f"{folder.name}, {copy.name}", SqliteLog(copy / "log.db")
        head = torn.head()
        run.check(head.position == 0 or chains[head.position] == head.chain, f"{when} is no prefix of the log")
        told.check(run, torn, when, accepted)
        torn.close()
        run.figures["whole copies" if accepted else "torn copies"] += 1
    run.figures["accepted"] += len(told.accepted)
