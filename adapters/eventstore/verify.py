"""Proving a log: every link of the chain, every edit against its facts, every kept answer, every page and index."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import apsw

from adapters.eventstore import schema
from adapters.eventstore.chain import GENESIS, EditPlace, answer_digest, edit_digest, link
from adapters.eventstore.edits import Answer, Head, Provenance

PROGRESS_EVERY = 1_000

_EVENTS = (
    "SELECT position, stream, version, tag, payload, event_id, edit, chain FROM events NOT INDEXED ORDER BY position"
)
_EDITS = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits NOT INDEXED ORDER BY first_position"""
_ANSWERS = "SELECT actor, key, request_hash, status, body, edit_id, digest FROM answers NOT INDEXED ORDER BY rowid"
_ANSWERED = "SELECT first_position, actor, answer_key, request_hash, edit_id FROM edits WHERE answer_key IS NOT NULL"
_KEPT = "SELECT edit_id, request_hash FROM answers WHERE actor = ? AND key = ?"


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong. ``position`` is None where it can't be pinned to a fact."""

    position: int | None
    what: str


@dataclass(frozen=True)
class VerifyReport:
    """What was proved: ``events`` facts of ``edits`` edits hold, up to ``head``. ``fault``: the first that does not."""

    ok: bool
    events: int
    edits: int
    head: Head
    fault: Fault | None


class _Broken(Exception):
    def __init__(self, position: int | None, what: str) -> None:
        super().__init__(what)
        self.fault = Fault(position, what)


@contextmanager
def _readable(position: int | None) -> Iterator[None]:
    """A value of another type than its column's is a finding: only damage puts it there."""
    try:
        yield
    except (TypeError, ValueError, OverflowError) as error:
        raise _Broken(position, f"a value here is none that was written: {error}") from error


@dataclass(frozen=True)
class _Current:
    """The edit whose facts are being walked."""

    place: EditPlace
    digest: bytes

    @property
    def end(self) -> int:
        return self.place.first_position + self.place.facts


class _Walk:
    """How far the proof has come."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.head = Head(0, GENESIS)
        self.edits = 0
        self.anchored: bytes | None = None
        self._current: _Current | None = None
        self._versions: dict[str, int] = {}

    def events(self, anchor: Head | None, progress: Callable[[int, int], None] | None) -> None:
        """Walk the facts and their edits side by side."""
        total = self._total()
        edits = self._guarded(self.connection.execute(_EDITS))
        for row in self._guarded(self.connection.execute(_EVENTS)):
            with _readable(row[0]):
                self._event(row, edits)
            if anchor and anchor.position == self.head.position:
                self.anchored = self.head.chain
            if progress and (row[0] % PROGRESS_EVERY == 0 or row[0] == total):
                progress(row[0], total)
        self._end(edits)

    def _total(self) -> int:
        """How many facts there seem to be, for the progress; if the end can't be read, the walk will find where."""
        try:
            return int(self.connection.execute("SELECT max(position) FROM events").get or 0)
        except apsw.Error:
            return 0

    def _guarded(self, rows: Any) -> Iterator[Any]:
        """The rows; a page that can't be read is a finding at the position that it would have held."""
        try:
            yield from rows
        except (apsw.Error, UnicodeDecodeError) as error:
            raise _Broken(self.head.position + 1, f"the file can't be read here: {error}") from error

    def _event(self, row: Any, edits: Iterator[Any]) -> None:
        position, stream, version, tag, payload, event_id, edit, chain = row
        expected = self.head.position + 1
        if position != expected:
            raise _Broken(expected, f"the fact at this position is missing; the next one is {position}")
        current = self._edit_at(position, edits)
        place = current.place
        if (edit, stream, version) != (
            place.first_position,
            place.stream,
            place.first_version + position - place.first_position,
        ):
            raise _Broken(position, "this fact does not belong to the edit that stands here")
        if link(self.head.chain, current.digest, position, stream, version, tag, event_id, payload) != chain:
            raise _Broken(position, "this fact or its edit is not what was written here: changed, moved or forged")
        if version != self._versions.get(stream, version - 1 if version in (0, 1) else 0) + 1:
            raise _Broken(position, f"version {version} does not continue {stream}")
        self._versions[stream] = version
        self.head = Head(position, chain)

    def _edit_at(self, position: int, edits: Iterator[Any]) -> _Current:
        if self._current and position < self._current.end:
            return self._current
        row = next(edits, None)
        if row is None or row[0] != position:
            raise _Broken(
                position,
                "the edit of this fact is missing" if row is None or row[0] > position else "an edit here has no facts",
            )
        self._current = _Current(*_edit(row))
        self.edits += 1
        return self._current

    def _end(self, edits: Iterator[Any]) -> None:
        """Nothing may be left over that points past the last fact."""
        after = self.head.position + 1
        if self._current and self._current.end != after:
            raise _Broken(
                after, f"the log was cut off: the edit at {self._current.place.first_position} has facts from here on"
            )
        if next(edits, None) is not None:
            raise _Broken(after, "the log was cut off: an edit has its facts from here on")
        counted = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").get or 0
        if counted != self.head.position:
            raise _Broken(after, f"the log was cut off: it has held {counted} facts")

    def anchor(self, anchor: Head) -> None:
        """The log must have passed through a head that was kept elsewhere."""
        if anchor.position > self.head.position:
            raise _Broken(self.head.position + 1, f"the log was cut off: it is known to have reached {anchor.position}")
        if anchor.position and self.anchored != anchor.chain:
            raise _Broken(anchor.position, "the log up to here is another one than the anchor was taken of")

    def answers(self) -> None:
        """Every kept answer is whole, and every edit that was answered has its answer."""
        for row in self._checking("answers", _ANSWERS):
            *content, kept = row
            with _readable(self._position_of(content[5])):
                if answer_digest(*content) != kept:
                    raise _Broken(self._position_of(content[5]), f"the answer kept for key {content[1]!r} was changed")
        for position, actor, key, request_hash, edit_id in self._checking("answers", _ANSWERED):
            if self.connection.execute(_KEPT, (actor, key)).fetchone() != (edit_id, request_hash):
                raise _Broken(position, f"the answer kept for key {key!r} is missing or another one's")

    def file(self) -> None:
        """The tables and triggers are ours, and every page and index is consistent."""
        if missing := schema.missing(self.connection):
            raise _Broken(None, f"the file's schema was changed: {missing[0]}")
        for (finding,) in self._checking("pages", "PRAGMA integrity_check(1)"):
            if finding != "ok":
                raise _Broken(None, f"a page or an index is damaged: {finding}")

    def _checking(self, what: str, query: str) -> Iterator[Any]:
        try:
            yield from self.connection.execute(query)
        except (apsw.Error, UnicodeDecodeError) as error:
            raise _Broken(None, f"the {what} can't be read: {error}") from error

    def _position_of(self, edit_id: str) -> int | None:
        position: int | None = self.connection.execute(
            "SELECT first_position FROM edits WHERE edit_id = ?", (edit_id,)
        ).get
        return position


def verify(
    connection: apsw.Connection, progress: Callable[[int, int], None] | None, anchor: Head | None
) -> VerifyReport:
    """Walk the whole log in one read transaction and stop at the first fault."""
    walk, fault = _Walk(connection), None
    connection.execute("BEGIN")
    try:
        walk.events(anchor, progress)
        if anchor:
            walk.anchor(anchor)
        walk.answers()
        walk.file()
    except _Broken as broken:
        fault = broken.fault
    except (apsw.Error, UnicodeDecodeError) as error:
        fault = Fault(walk.head.position + 1, f"the file can't be read: {error}")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return VerifyReport(fault is None, walk.head.position, walk.edits, walk.head, fault)


def _edit(row: Any) -> tuple[EditPlace, bytes]:
    """An edit's place and the digest that its row gives."""
    (
        first,
        edit_id,
        stream,
        first_version,
        facts,
        kind,
        actor,
        command,
        rationale,
        correlation,
        causation,
        time_us,
        key,
        asked,
    ) = row
    place = EditPlace(stream, first, first_version, facts, time_us)
    answer = None if key is None else Answer(key, asked, 0, b"")
    provenance = Provenance(
        edit_id=edit_id,
        actor=actor,
        kind=kind,
        command=command,
        correlation_id=correlation,
        rationale=rationale,
        causation_id=causation,
        answer=answer,
    )
    return place, edit_digest(provenance, place)
