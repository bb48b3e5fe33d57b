"""Who did what, when and because of which request: a row for every fact in the log, as it was stored.

What it says in words is told when it is read: a page of it takes less than a rebuild of all.
"""

from collections.abc import Sequence
from typing import Any

from projections.projection import Batch, Projection, Record, Rows, select

SCHEMA = """
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    actor TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    edit_id TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    payload BLOB NOT NULL
) STRICT;
"""

INDEXES = (
    "CREATE INDEX entries_by_actor ON entries (actor, position)",
    "CREATE INDEX entries_by_stream ON entries (stream, position)",
    "CREATE INDEX entries_by_tag ON entries (tag, position)",
    "CREATE INDEX entries_by_correlation ON entries (correlation_id, position)",
    "CREATE INDEX entries_by_edit ON entries (edit_id, position)",
    "CREATE INDEX entries_by_time ON entries (time_us, position)",
)

DUMP = {"entries": select("SELECT * FROM entries ORDER BY position")}

_INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"


class Entries:
    """A batch: every fact is a row, and nothing about it can be indigestible."""

    def __init__(self, rows: Rows) -> None:
        """Into these tables."""
        self._rows = rows
        self._entries: list[tuple[Any, ...]] = []

    def apply(self, edit: Sequence[Record]) -> None:
        """Fact after fact."""
        self._entries += [
            (f.position, f.stream, f.version, f.tag, f.actor, f.correlation_id, f.edit_id, f.time_us, f.payload)
            for f in edit
        ]

    def finish(self) -> None:
        """Write them."""
        self._rows.executemany(_INSERT, self._entries)


def projection() -> Projection:
    """The projection."""

    def begin(rows: Rows) -> Batch:
        return Entries(rows)

    return Projection("audit", 2, SCHEMA, begin, DUMP, indexes=INDEXES)
