"""What can be asked of a log: records, edits, versions, answers, snapshots. Nothing here writes."""

import time
from typing import Any

from adapters.eventstore import append
from adapters.eventstore.edits import EditRecord, Head, Provenance, Record, StoredAnswer
from adapters.eventstore.session import Session, Sessions
from domain.errors import Refused

MAX = 2**63 - 1
POLL_SECONDS = 0.05

# LEFT JOIN: a fact whose edit is gone must be noticed, not left out
_RECORDS = """SELECT e.position, e.stream, e.version, e.tag, e.payload, d.edit_id, e.event_id, d.actor,
d.correlation_id, d.causation_id, d.time_us, e.chain FROM events e LEFT JOIN edits d ON d.first_position = e.edit """
_BY_STREAM = _RECORDS + "WHERE e.stream = ? AND e.version > ? AND e.version <= ? ORDER BY e.version"
_BY_POSITION = _RECORDS + "WHERE e.position > ? ORDER BY e.position LIMIT ?"
_BY_PREFIX = (
    _RECORDS + "WHERE e.position > ? AND e.stream || '' >= ? AND e.stream || '' < ? ORDER BY e.position LIMIT ?"
)
_BY_EDIT = (
    _RECORDS
    + """WHERE d.edit_id = ? AND d.correlation_id = ?
AND e.position >= d.first_position AND e.position < d.first_position + d.facts ORDER BY e.position"""
)
_EDIT = """SELECT d.edit_id, d.stream, d.first_version, d.first_version + d.facts - 1, d.kind, d.actor, d.command,
d.rationale, d.correlation_id, d.causation_id, d.time_us FROM """
_EDIT_BY_ID = _EDIT + "edits d WHERE d.edit_id = ?"
# an edit stands at the position of its first fact, so the facts' index by stream and version finds edits as well
_EDITS_BY_STREAM = (
    _EDIT
    + """events e CROSS JOIN edits d
WHERE d.first_position = e.position AND e.stream = ? AND e.version > ? ORDER BY e.version LIMIT ?"""
)
_VERSION_AT = """SELECT d.first_version + d.facts - 1 FROM events e CROSS JOIN edits d
WHERE d.first_position = e.position AND e.stream = ? AND d.time_us <= ? ORDER BY e.version DESC LIMIT 1"""
_SNAPSHOT = """SELECT version, state FROM snapshots WHERE stream = ? AND version <= ? AND topic = ?
ORDER BY version DESC LIMIT 1"""
# from stream to the next greater one by the index, however many facts each has
_STREAMS = """WITH RECURSIVE found (stream) AS (
    SELECT min(stream) FROM events WHERE stream >= ?
    UNION ALL SELECT (SELECT min(stream) FROM events WHERE stream > found.stream) FROM found WHERE found.stream < ?
) SELECT stream FROM found WHERE stream < ?"""


class LogQueries:
    """A log, read-only. Every answer is of one consistent state; damage that is met is refused as log_corrupt."""

    def __init__(self, readers: Sessions) -> None:
        """Read through these connections."""
        self._sessions = readers

    def read(self, stream: str, after: int = 0, upto: int | None = None) -> list[Record]:
        """The facts of a stream with versions in ``(after, upto]``, in order and without a gap."""
        rows = self._rows(_BY_STREAM, stream, after, MAX if upto is None else upto)
        return [_checked(row, row[2], expected) for expected, row in enumerate(rows, after + 1)]

    def read_all(self, after: int, limit: int, prefix: str = "") -> list[Record]:
        """Facts after a position in the order of the log; with ``prefix``, those of streams that begin with it."""
        if prefix:
            return [_checked(row, 0, 0) for row in self._rows(_BY_PREFIX, after, prefix, _end(prefix), limit)]
        return [
            _checked(row, row[0], expected)
            for expected, row in enumerate(self._rows(_BY_POSITION, after, limit), after + 1)
        ]

    def version(self, stream: str) -> int:
        """The version of a stream's last fact; 0 where there is none."""
        with self._sessions.connection() as connection:
            return append.stream_version(connection, stream)

    def version_at(self, stream: str, time_us: int) -> int:
        """The version of a stream after the last edit that was made at or before a time (UTC, microseconds).

        The order is the log's: where the clock was set back, the newest edit whose own time is not later counts.
        """
        rows = self._rows(_VERSION_AT, stream, time_us)
        return int(rows[0][0]) if rows else 0

    def head(self) -> Head:
        """The last position and its chain hash, as one state of the log: what an anchor keeps."""
        with self._sessions.connection() as connection:
            return append.head(connection)

    def position(self) -> int:
        """The last position; 0 of an empty log."""
        return self.head().position

    def chain_head(self) -> bytes:
        """The chain hash at the last position."""
        return self.head().chain

    def streams(self, prefix: str = "") -> list[str]:
        """The names of the streams that begin with ``prefix``, sorted."""
        return [stream for (stream,) in self._rows(_STREAMS, prefix, _end(prefix), _end(prefix))]

    def edits(self, stream: str, after: int = 0, limit: int = 100) -> list[EditRecord]:
        """The edits of a stream whose first fact has a version greater than ``after``, oldest first."""
        return [EditRecord(*row) for row in self._rows(_EDITS_BY_STREAM, stream, after, limit)]

    def edit(self, edit_id: str) -> EditRecord | None:
        """One edit."""
        rows = self._rows(_EDIT_BY_ID, edit_id)
        return EditRecord(*rows[0]) if rows else None

    def answer(self, actor: str, key: str) -> StoredAnswer | None:
        """What an actor's idempotency key was answered with."""
        with self._sessions.connection() as connection:
            return append.stored_answer(connection, actor, key)

    def nearest_snapshot(self, stream: str, version: int, fingerprint: str) -> tuple[int, bytes] | None:
        """The newest snapshot at or below a version that this fold code made: its version and state."""
        rows = self._rows(_SNAPSHOT, stream, version, fingerprint)
        return (rows[0][0], rows[0][1]) if rows else None

    def wait(self, position: int, timeout: float) -> bool:
        """Block until another process has brought the log to a position; False when it did not in ``timeout`` seconds.

        Who only reads is told by nobody, so this looks again and again.
        """
        deadline = time.monotonic() + timeout
        while self.position() < position:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        return True

    def close(self) -> None:
        """Give up the connections."""
        self._sessions.close()

    def _rows(self, query: str, *bindings: Any) -> list[Any]:
        with self._sessions.connection() as connection:
            return connection.execute(query, bindings).fetchall()


def records_of(session: Session, edit: Provenance) -> list[Record]:
    """The facts of this very edit, by its id and the request that it came with; none where it is not in the log."""
    rows = session.execute(_BY_EDIT, (edit.edit_id, edit.correlation_id)).fetchall()
    return [Record(*row) for row in rows]


def _end(prefix: str) -> str:
    """A text greater than all that begin with ``prefix``."""
    return prefix + "\U0010ffff"


def _checked(row: Any, found: int, expected: int) -> Record:
    """A row as a record, if it is the one that must come next and its edit is there."""
    if found != expected or row[5] is None:
        position = row[0]
        message = f"The log is damaged at or before position {position}: run `stoat log verify`"
        raise Refused("log_corrupt", message, extra={"position": position})
    return Record(*row)
