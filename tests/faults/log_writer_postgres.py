"""As ``log_writer``, on PostgreSQL: ``python -m tests.faults.log_writer_postgres URL [--answers-too-early]``."""

import sys
import threading
import time

from adapters.eventstore.postgres.connection import PostgresSession
from adapters.eventstore.postgres.log import PostgresLog
from adapters.eventstore.postgres.writer import PostgresJob, PostgresWriter
from tests.faults.log_writer import WRITERS, write


def answer_too_early(writer: PostgresWriter, group: list[PostgresJob]) -> None:
    """What the writer must never do."""
    with writer._datastore.pool.connection() as connection:
        session = PostgresSession(connection)
        session.execute("BEGIN")
        for job in group:
            job.future.set_result(job.work(session))
        time.sleep(0.02)
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
