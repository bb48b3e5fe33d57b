"""A process that writes to a log under load and says on standard output what it was told is accepted.

``python -m tests.faults.log_writer LOG [--answers-too-early]``; a line is ``stream version position edit_id``.
``--answers-too-early`` plants the bug that the fault tests must be able to see: an answer before the commit.
"""

import os
import random
import sys
import threading
import time
from pathlib import Path
from typing import Any

from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog
from adapters.eventstore.writer import Writer

WRITERS = 4


def write(log: SqliteLog, stream: str) -> None:
    """Append edits of one to three facts for as long as this process lives."""
    version = log.version(stream)
    while True:
        facts = [NewFact("a.1", os.urandom(random.randrange(400))) for _ in range(random.randrange(1, 4))]
        edit_id = f"{stream}-{version}-{os.getpid()}"
        edit = Edit(
            edit_id=edit_id,
            stream=stream,
            expected_version=version,
            facts=facts,
            actor="fault",
            kind="edit",
            command=b"{}",
            correlation_id="fault",
        )
        last = log.submit(edit).result()[-1]
        version = last.version
        os.write(1, f"{stream} {version} {last.position} {edit_id}\n".encode())


def answer_too_early(writer: Writer, group: list[Any]) -> None:
    """What the writer must never do."""
    connection = writer._connection
    assert connection is not None
    connection.execute("BEGIN IMMEDIATE")
    for job in group:
        job.future.set_result(job.work(connection))
    time.sleep(0.02)
    connection.execute("COMMIT")


def main() -> None:
    """Write until killed."""
    if "--answers-too-early" in sys.argv:
        Writer._settle = answer_too_early  # type: ignore[method-assign]
    log = SqliteLog(Path(sys.argv[1]))
    threads = [threading.Thread(target=write, args=(log, f"project-{number}")) for number in range(WRITERS)]
    for thread in threads:
        thread.start()


if __name__ == "__main__":
    main()
