"""A log on PostgreSQL as a log file, which is how it is copied: positions, versions, times and chain stay the same."""

from collections.abc import Callable
from typing import Any

import apsw
from psycopg import Connection
from psycopg.rows import tuple_row

from adapters.eventstore import schema as file_schema
from adapters.eventstore.postgres.connection import Datastore
from adapters.eventstore.postgres.refusals import refusing

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
