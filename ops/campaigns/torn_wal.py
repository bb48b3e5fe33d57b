"""Copies of a log that is being written, its write-ahead log cut off anywhere: each opens, proves itself and is a
prefix."""

import time

from adapters.eventstore.sqlite import SqliteLog
from ops.campaigns.campaign import Run
from ops.campaigns.load import writing


def torn_wal(run: Run) -> None:
    """Copy the two files while four writers write. No checkpoint comes between, which would change both at once."""
    folder = run.new_folder("log")
    log = SqliteLog(folder / "log.db")
    log._database.write(lambda connection: connection.wal_autocheckpoint(0)).result(20)
    copies: dict[str, set[str]] = {}
    with writing(log, run.chance.randrange(2**32)) as told:
        for number in run.rounds(small=25, full=500):
            time.sleep(run.chance.uniform(0, 0.01))
            before = set(told.accepted)
            wal = (folder / "log.db-wal").read_bytes()
            whole = run.chance.random() < 0.2
            copy = run.new_folder(f"copy{number}")
            (copy / "log.db").write_bytes((folder / "log.db").read_bytes())
            (copy / "log.db-wal").write_bytes(wal if whole else wal[: run.chance.randrange(len(wal) + 1)])
            copies[copy.name] = before if whole else set()
    chains = {record.position: record.chain for record in log.read_all(0, 10**9)}
    log.close()
    for name, accepted in copies.items():
        torn = SqliteLog(run.folder / name / "log.db")
        head = torn.head()
        run.check(head.position == 0 or chains[head.position] == head.chain, f"{name} is no prefix of the log")
        told.check(run, torn, name, accepted)
        torn.close()
        run.figures["whole copies" if accepted else "torn copies"] += 1
    run.figures["accepted"] = len(told.accepted)
