"""A log on PostgreSQL as a log file: that is how it is copied, and how it is proved, by the same walk as any other."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw
from psycopg import Connection
from psycopg.rows import tuple_row

from adapters.eventstore import schema as file_schema
from adapters.eventstore.connection import Readers
from adapters.eventstore.edits import Head
from adapters.eventstore.evidence import evidence
from adapters.eventstore.postgres import schema
from adapters.eventstore.postgres.connection import Datastore
from adapters.eventstore.postgres.refusals import refusing
from adapters.eventstore.verify import Fault, VerifyReport, verify

_AT_ONCE = 2_000  # rows
_COPIED = {
    "events": ("position", "stream", "version", "tag", "payload", "event_id", "edit", "chain"),
    "edits": (
        "first_position", "edit_id", "stream", "first_version", "facts", "kind", "actor", "command", "rationale",
        "correlation_id", "causation_id", "time_us", "answer_key", "request_hash",
    ),
    "answers": ("actor", "key", "request_hash", "status", "body", "edit_id", "digest"),
}  # fmt: skip


def as_file(datastore: Datastore) -> Callable[[apsw.Connection], None]:
    """What fills a new log file with everything that the log holds at one moment; snapshots are made again."""

    def write(file: apsw.Connection) -> None:
        with refusing(), datastore.connect() as connection:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            file_schema.create(file, lambda new: _fill(connection, new))

    return write


def prove(datastore: Datastore, progress: Callable[[int, int], None] | None, anchor: Head | None) -> VerifyReport:
    """Walk the whole log, as it is at one moment, and stop at the first fault. Needs room for a copy in TMPDIR."""
    with tempfile.TemporaryDirectory(prefix="stoat-verify-") as folder:
        path = Path(folder) / "log.db"
        file = apsw.Connection(str(path))
        try:
            file.pragma("synchronous", "off")
            as_file(datastore)(file)
        except apsw.ConstraintError as error:
            return _broken(VerifyReport(False, 0, 0, Head(0, bytes(32)), None), f"rows that no log can hold: {error}")
        finally:
            file.close(True)
        copied = Readers(path)
        with evidence(copied) as found:
            report = verify(found, progress, anchor)
        copied.close()
    with refusing(), datastore.connect() as connection:
        gone = schema.missing(connection)
    return _broken(report, f"the database's trigger {gone[0]} is missing or off") if report.ok and gone else report


def _fill(connection: Connection[Any], file: apsw.Connection) -> None:
    for table, columns in _COPIED.items():
        with connection.cursor(name=f"copy_{table}", row_factory=tuple_row) as rows:
            rows.itersize = _AT_ONCE
            rows.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2".encode())  # noqa: S608
            marks = ", ".join("?" * len(columns))
            file.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
    reached = connection.execute("SELECT reached FROM log").fetchone()
    file.execute("DELETE FROM sqlite_sequence WHERE name = 'events'")
    if reached and reached[0]:
        file.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('events', ?)", reached)


def _broken(report: VerifyReport, what: str) -> VerifyReport:
    return VerifyReport(False, report.events, report.edits, report.head, Fault(None, what))
