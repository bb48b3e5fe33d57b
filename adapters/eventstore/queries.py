"""What can be asked of a log: records, edits, versions, answers, snapshots. Nothing here writes."""

import time
from typing import Any

from adapters.eventstore import append, proving
from adapters.eventstore.edits import EditRecord, Head, Provenance, Record, StoredAnswer
from adapters.eventstore.session import Session, Sessions
from domain.errors import Refused

MAX = 2**63 - 1
POLL_SECONDS = 0.05

_BY_STREAM = "WHERE e.stream = ? AND e.version > ? AND e.version <= ? ORDER BY e.version"
_BY_POSITION = "WHERE e.position > ? ORDER BY e.position LIMIT ?"
# a prefix's facts are found by the index of streams: what other streams hold costs nothing
_BY_PREFIX = """WHERE e.position IN (
    SELECT position FROM events WHERE stream >= ? AND stream < ? AND +position > ? ORDER BY +position LIMIT ?
) ORDER BY e.position"""
_BY_EDIT = """WHERE e.edit IN (SELECT first_position FROM edits WHERE edit_id = ? AND correlation_id = ?)
ORDER BY e.position"""
_EDIT_BY_ID = "WHERE e.position IN (SELECT first_position FROM edits WHERE edit_id = ?)"
_EDIT_OF = "WHERE e.position IN (SELECT edit FROM events WHERE stream = ? AND version = ?)"
_EDITS_BY_STREAM = """WHERE e.position IN (
    SELECT first_position FROM edits WHERE stream = ? AND first_version > ? ORDER BY first_version LIMIT ?
) ORDER BY e.position"""
_VERSION_AT = """SELECT first_version + facts - 1 FROM edits WHERE stream = ? AND time_us <= ?
ORDER BY first_version DESC LIMIT 1"""
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
        end = min(MAX if upto is None else upto, self.version(stream))
        found = self._records(_BY_STREAM, stream, after, MAX if upto is None else upto)
        if after + len(found) < end:
            raise Refused("log_corrupt", "A fact of the stream can't be found: run `stoat log verify`", ids=[stream])
        return [_next(record, record.version, expected) for expected, record in enumerate(found, after + 1)]

    def read_all(self, after: int, limit: int, prefix: str = "") -> list[Record]:
        """Facts after a position in the order of the log; with ``prefix``, those of streams that begin with it."""
        if prefix:
            return self._records(_BY_PREFIX, prefix, _end(prefix), after, limit)
        found = self._records(_BY_POSITION, after, limit)
        return [_next(record, record.position, expected) for expected, record in enumerate(found, after + 1)]

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

    def tags(self) -> list[str]:
        """Every tag that a fact in the log has, each once, in no order. Reads the whole log."""
        return [tag for (tag,) in self._rows("SELECT DISTINCT tag FROM events")]

    def edits(self, stream: str, after: int = 0, limit: int = 100) -> list[EditRecord]:
        """The edits of a stream whose first fact has a version greater than ``after``, oldest first."""
        end = self.version(stream)  # refuses where the end of the stream is damaged
        found = self._edits(_EDITS_BY_STREAM, stream, after, limit)
        reached = self._between(stream, after) if after < end else end
        for edit in found:
            if (edit.stream, edit.first_version) != (stream, reached + 1):
                break
            reached = edit.last_version
        else:
            if reached >= end or len(found) == limit:  # more may have come meanwhile
                return found
        raise Refused("log_corrupt", "An edit of the stream can't be found: run `stoat log verify`", ids=[stream])

    def edit(self, edit_id: str) -> EditRecord | None:
        """One edit."""
        found = self._edits(_EDIT_BY_ID, edit_id)
        return found[0] if found else None

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

    def _records(self, which: str, *bindings: Any) -> list[Record]:
        with self._sessions.connection() as session:
            return proving.records(session, which, bindings)

    def _edits(self, which: str, *bindings: Any) -> list[EditRecord]:
        with self._sessions.connection() as session:
            return proving.edits(session, which, bindings)

    def _between(self, stream: str, after: int) -> int:
        """The version after which the first edit begins that begins after a version, by what the facts say."""
        around = self._edits(_EDIT_OF, stream, after + 1)
        if not around:
            raise Refused("log_corrupt", "A fact of the stream can't be found: run `stoat log verify`", ids=[stream])
        return after if around[0].first_version > after else around[0].last_version

    def _rows(self, query: str, *bindings: Any) -> list[Any]:
        with self._sessions.connection() as connection:
            return connection.execute(query, bindings).fetchall()


def records_of(session: Session, edit: Provenance) -> list[Record]:
    """The facts of this very edit, by its id and the request that it came with; none where it is not in the log."""
    return proving.records(session, _BY_EDIT, (edit.edit_id, edit.correlation_id))


def _end(prefix: str) -> str:
    """A text greater than all that begin with ``prefix``."""
    return prefix + "\U0010ffff"


def _next(record: Record, found: int, expected: int) -> Record:
    """The record, if it is the one that must come next."""
    if found != expected:
        raise proving.damaged(record.position)
    return record
