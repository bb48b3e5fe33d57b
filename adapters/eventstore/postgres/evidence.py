"""A log on PostgreSQL as ``verify`` takes it: its rows in order, as they are at one moment, and its triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.rows import tuple_row

from adapters.eventstore.postgres import schema
from adapters.eventstore.postgres.connection import Datastore
from adapters.eventstore.postgres.refusals import refusing
from adapters.eventstore.verify import Unreadable
from rust_core.rows import AnswerRow, ChainedRow, EditRow

_AT_ONCE = 2_000  # rows
_FACTS = "SELECT position, stream, version, tag, payload, event_id, edit, chain FROM events ORDER BY position"
_EDITS = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits ORDER BY first_position"""
_ANSWERS = """SELECT d.first_position, a.actor, a.key, a.request_hash, a.status, a.body, a.edit_id, a.digest
FROM answers a LEFT JOIN edits d ON d.edit_id = a.edit_id ORDER BY a.actor, a.key"""
_UNANSWERED = """SELECT d.first_position, d.answer_key FROM edits d
LEFT JOIN answers a ON a.actor = d.actor AND a.key = d.answer_key
WHERE d.answer_key IS NOT NULL
AND (a.edit_id IS DISTINCT FROM d.edit_id OR a.request_hash IS DISTINCT FROM d.request_hash)
ORDER BY d.first_position"""


class PostgresEvidence:
    """One state of a log's database for its rows, and one that is no older for what is around them."""

    def __init__(self, rows: Connection[Any], around: Connection[Any]) -> None:
        """Two connections, the first in a transaction that sees one moment."""
        self._connection = rows
        self._around = around
        self._names = count()

    def facts(self) -> Iterator[ChainedRow]:
        """In the order of their positions."""
        return self._rows(_FACTS)

    def edits(self) -> Iterator[EditRow]:
        """In the order of their first positions."""
        return self._rows(_EDITS)

    def reached(self) -> int:
        """The last position."""
        return next(self._rows("SELECT coalesce(max(position), 0) FROM events"))[0]  # type: ignore[no-any-return]

    def counted(self) -> int:
        """The last position that was committed."""
        return next(self._rows("SELECT reached FROM log"))[0]  # type: ignore[no-any-return]

    def answers(self) -> Iterator[tuple[int | None, AnswerRow, bytes]]:
        """By their keys."""
        for position, *row, digest in self._rows(_ANSWERS):
            yield position, tuple(row), digest

    def unanswered(self) -> Iterator[tuple[int, str]]:
        """In the order of the log."""
        return self._rows(_UNANSWERED)

    def damage(self) -> str | None:
        """The triggers are there and on."""
        gone = schema.missing(self._around)
        return f"the database's trigger {gone[0]} is missing or off" if gone else None

    def _rows(self, query: str) -> Iterator[Any]:
        """Through a cursor on the server: no more than some rows are here at once."""
        try:
            with self._connection.cursor(name=f"evidence_{next(self._names)}", row_factory=tuple_row) as rows:
                rows.itersize = _AT_ONCE
                yield from rows.execute(query.encode())
        except psycopg.Error as error:
            raise Unreadable(str(error)) from error


@contextmanager
def evidence(datastore: Datastore) -> Iterator[PostgresEvidence]:
    """A database's evidence, while writing may go on."""
    with refusing(), datastore.connect() as rows, datastore.connect() as around:
        rows.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield PostgresEvidence(rows, around)
