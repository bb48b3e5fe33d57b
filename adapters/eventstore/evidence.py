"""A log file as ``verify`` takes it: its rows in order, and its pages, indexes, tables and triggers."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import apsw

from adapters.eventstore import schema
from adapters.eventstore.connection import Readers
from adapters.eventstore.verify import Unreadable
from rust_core.rows import AnswerRow, ChainedRow, EditRow

# without the indexes: what is proved is what the tables hold
_FACTS = (
    "SELECT position, stream, version, tag, payload, event_id, edit, chain FROM events NOT INDEXED ORDER BY position"
)
_EDITS = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits NOT INDEXED ORDER BY first_position"""
_ANSWERS = """SELECT d.first_position, a.actor, a.key, a.request_hash, a.status, a.body, a.edit_id, a.digest
FROM answers a NOT INDEXED LEFT JOIN edits d ON d.edit_id = a.edit_id ORDER BY a.rowid"""
_UNANSWERED = """SELECT d.first_position, d.answer_key FROM edits d NOT INDEXED
LEFT JOIN answers a ON a.actor = d.actor AND a.key = d.answer_key
WHERE d.answer_key IS NOT NULL AND (a.edit_id IS NOT d.edit_id OR a.request_hash IS NOT d.request_hash)
ORDER BY d.first_position"""
_COUNTED = "SELECT seq FROM sqlite_sequence WHERE name = 'events'"


class SqliteEvidence:
    """One state of a log file for its rows, and one that is no older for what is around them."""

    def __init__(self, rows: apsw.Connection, around: apsw.Connection) -> None:
        """Two connections, each in a read transaction of its own."""
        self._connection = rows
        self._around = around

    def facts(self) -> Iterator[ChainedRow]:
        """In the order of their positions."""
        return self._rows(_FACTS)

    def edits(self) -> Iterator[EditRow]:
        """In the order of their first positions."""
        return self._rows(_EDITS)

    def reached(self) -> int:
        """The last position; 0 where it can't be read: the walk will find where."""
        try:
            return int(self._connection.execute("SELECT max(position) FROM events").get or 0)
        except apsw.Error:
            return 0

    def counted(self) -> int:
        """The last position that SQLite has given away."""
        return next((seq for (seq,) in self._rows(_COUNTED)), 0)

    def answers(self) -> Iterator[tuple[int | None, AnswerRow, bytes]]:
        """In the order in which they were kept."""
        for position, *row, digest in self._rows(_ANSWERS):
            yield position, tuple(row), digest

    def unanswered(self) -> Iterator[tuple[int, str]]:
        """In the order of the log."""
        return self._rows(_UNANSWERED)

    def damage(self) -> str | None:
        """The tables and triggers are ours, and every page and index is consistent."""
        try:
            if missing := schema.missing(self._around):
                return f"the file's schema was changed: {missing[0]}"
            finding = self._around.execute("PRAGMA integrity_check(1)").get
        except (apsw.Error, UnicodeDecodeError) as error:
            return f"the pages can't be read: {error}"
        return None if finding == "ok" else f"a page or an index is damaged: {finding}"

    def _rows(self, query: str) -> Iterator[Any]:
        try:
            yield from self._connection.execute(query)
        except (apsw.Error, UnicodeDecodeError) as error:
            raise Unreadable(str(error)) from error


@contextmanager
def evidence(readers: Readers) -> Iterator[SqliteEvidence]:
    """A file's evidence, while writing may go on."""
    with readers.connection() as rows, readers.connection() as around:
        for connection in (rows, around):
            connection.execute("BEGIN")
        try:
            yield SqliteEvidence(rows, around)
        finally:
            for connection in (rows, around):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
