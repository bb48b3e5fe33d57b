"""A process that writes to a log on PostgreSQL under load and says on standard output what it was told is accepted.

``python -m tests.faults.log_writer_postgres URL [--answers-too-early]``; a line is ``stream version position edit_id``.
``--answers-too-early`` plants the bug that the fault tests must be able to see: an answer before the commit.
"""

import os
import random
import sys
import threading
import time

from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.postgres.connection import PostgresSession
from adapters.eventstore.postgres.log import PostgresLog
from adapters.eventstore.postgres.writer import PostgresJob, PostgresWriter

WRITERS = 4


def write(log: PostgresLog, stream: str) -> None:
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


def answer_too_early(writer: PostgresWriter, group: list[PostgresJob]) -> None:
    """What the writer must never do."""
    with writer._datastore.pool.connection() as connection:
        session = PostgresSession(connection)
        session.execute("BEGIN")
        for job in group:
            job.future.set_result(job.work(session))
        time.sleep(0.3)
        session.execute("COMMIT")


def main() -> None:
    """Write until killed."""
    if "--answers-too-early" in sys.argv:
        PostgresWriter._settle = answer_too_early  # type: ignore[method-assign]
    log = PostgresLog(sys.argv[1])
    for number in range(WRITERS):
        threading.Thread(target=write, args=(log, f"project-{number}")).start()


if __name__ == "__main__":
    main()
