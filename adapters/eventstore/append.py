"""Writing one edit at the end of the log, inside the writer's transaction."""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

import apsw
import uuid_utils
from eventsourcing.persistence import StoredEvent

from adapters.eventstore.chain import GENESIS, EditPlace, answer_digest, edit_digest, edit_row, link
from adapters.eventstore.edits import AlreadyAnswered, Answer, Edit, Head, Provenance, Record, StoredAnswer
from adapters.eventstore.session import Session, Taken
from domain.errors import Refused
from rust_core.rows import AnswerRow, EditRow

_HEAD = "SELECT position, chain FROM events ORDER BY position DESC LIMIT 1"
_VERSIONS = """SELECT (SELECT max(version) FROM events WHERE stream = ?),
(SELECT first_version + facts - 1 FROM edits WHERE stream = ? ORDER BY first_version DESC LIMIT 1)"""
_INSERT_EVENT = (
    "INSERT INTO events (position, stream, version, tag, payload, event_id, edit, chain) VALUES (?,?,?,?,?,?,?,?)"
)
_INSERT_EDIT = """INSERT INTO edits (first_position, edit_id, stream, first_version, facts, kind, actor, command,
rationale, correlation_id, causation_id, time_us, answer_key, request_hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"""
_INSERT_ANSWER = "INSERT INTO answers (actor, key, request_hash, status, body, edit_id, digest) VALUES (?,?,?,?,?,?,?)"
_TAKEN = (apsw.ConstraintError, Taken)
_ANSWER = "SELECT request_hash, status, body, edit_id, digest FROM answers WHERE actor = ? AND key = ?"


def head(connection: Session) -> Head:
    """The last position and its chain hash; position 0 of an empty log."""
    row = connection.execute(_HEAD).fetchone()
    return Head(*row) if row else Head(0, GENESIS)


def stream_version(connection: Session, stream: str) -> int:
    """The version of the stream's last fact; 0 when it has none.

    Two indexes know it. Refuses ``log_corrupt`` where they differ: with one of them damaged a stream would look shorter
    than it is.
    """
    by_facts, by_edits = connection.execute(_VERSIONS, (stream, stream)).fetchone()
    if by_facts != by_edits:
        message = "An index of the log is damaged: run `stoat log verify`"
        raise Refused("log_corrupt", message, ids=[stream])
    return int(by_facts or 0)


def stored_answer(connection: Session, actor: str, key: str) -> StoredAnswer | None:
    """The answer kept for an actor's idempotency key; a damaged one is refused."""
    row = connection.execute(_ANSWER, (actor, key)).fetchone()
    if row is None:
        return None
    request_hash, status, body, edit_id, kept = row
    if not _is_whole((actor, key, request_hash, status, body, edit_id), kept):
        raise Refused("log_corrupt", "The answer kept for this Idempotency-Key is damaged")
    return StoredAnswer(request_hash, status, body, edit_id)


def _is_whole(answer: AnswerRow, kept: bytes) -> bool:
    try:
        return answer_digest(answer) == kept
    except (TypeError, ValueError, OverflowError):
        return False  # a value of another type than its column's: only damage puts it there


def append(connection: Session, stream: str, events: Sequence[StoredEvent], provenance: Provenance) -> list[Record]:
    """Append one edit: facts of one stream with their versions in order, continuing the stream, and its answer.

    Raises ``AlreadyAnswered`` for a key that came with this same request before; refuses a key that came with another
    one, and facts that do not continue the stream.
    """
    if provenance.answer:
        _check_key(connection, provenance.actor, provenance.answer)
    if events:
        _check_versions(connection, stream, [event.originator_version for event in events])
    records = _write(connection, stream, events, provenance) if events else []
    if provenance.answer:
        _keep_answer(connection, provenance, provenance.answer, records)
    return records


def append_plain(connection: Session, events: Sequence[StoredEvent]) -> list[Record]:
    """Append what the library hands over without provenance: each run of one originator's events is an edit of its own.

    Versions may start anywhere; a version that is there already is refused.
    """
    return list(_runs(connection, events))


def appending(events: Sequence[StoredEvent], edit: Provenance | None) -> Callable[[Session], list[Record]]:
    """What an insert of the library's does in the writer's transaction."""
    if edit is None:
        return lambda connection: append_plain(connection, events)
    streams = {str(event.originator_id) for event in events}
    if len(streams) > 1:
        raise ValueError("an edit belongs to one stream")
    stream = next(iter(streams), "")
    return lambda connection: append(connection, stream, events, edit)


def stored_events(edit: Edit) -> list[StoredEvent]:
    """An edit's facts as the library has them."""
    return [
        StoredEvent(edit.stream, version, fact.tag, fact.payload)
        for version, fact in enumerate(edit.facts, edit.expected_version + 1)
    ]


def _runs(connection: Session, events: Sequence[StoredEvent]) -> Iterator[Record]:
    for stream, run in groupby(events, key=lambda event: str(event.originator_id)):
        edit_id = str(uuid_utils.uuid7())
        nobody = Provenance(edit_id=edit_id, actor="", kind="record", command=b"", correlation_id=edit_id)
        yield from _write(connection, stream, list(run), nobody)


def _check_key(connection: Session, actor: str, answer: Answer) -> None:
    before = stored_answer(connection, actor, answer.key)
    if before is None:
        return
    if before.request_hash != answer.request_hash:
        raise Refused("key_reused", "This Idempotency-Key was used for another request", path="Idempotency-Key")
    raise AlreadyAnswered(before)


def _check_versions(connection: Session, stream: str, versions: list[int]) -> None:
    current = stream_version(connection, stream)
    if versions != list(range(current + 1, current + 1 + len(versions))):
        message = f"The edit was made for version {versions[0] - 1}; the newest is {current}"
        raise Refused("version_conflict", message, extra={"current_version": current})


def _write(connection: Session, stream: str, events: Sequence[StoredEvent], provenance: Provenance) -> list[Record]:
    """Insert an edit and its facts, each chained to the one before."""
    before = head(connection)
    place = EditPlace(
        stream=stream,
        first_position=before.position + 1,
        first_version=events[0].originator_version,
        facts=len(events),
        time_us=time.time_ns() // 1_000,
    )
    row = edit_row(provenance, place)
    _insert_edit(connection, row)
    digest, chain, records = edit_digest(row), before.chain, []
    for position, event in enumerate(events, place.first_position):
        version, tag, payload, event_id = event.originator_version, event.topic, event.state, str(uuid_utils.uuid7())
        chain = link(chain, digest, (position, stream, version, tag, payload, event_id))
        records.append(_record(provenance, place, position, version, tag, payload, event_id, chain))
    try:
        connection.executemany(
            _INSERT_EVENT,
            [
                (r.position, stream, r.version, r.tag, r.payload, r.event_id, place.first_position, r.chain)
                for r in records
            ],
        )
    except _TAKEN as error:
        raise Refused("version_conflict", f"The stream has one of these versions already: {error}") from error
    return records


def _record(
    provenance: Provenance,
    place: EditPlace,
    position: int,
    version: int,
    tag: str,
    payload: bytes,
    event_id: str,
    chain: bytes,
) -> Record:
    return Record(
        position=position,
        stream=place.stream,
        version=version,
        tag=tag,
        payload=payload,
        edit_id=provenance.edit_id,
        event_id=event_id,
        actor=provenance.actor,
        correlation_id=provenance.correlation_id,
        causation_id=provenance.causation_id,
        time_us=place.time_us,
        chain=chain,
    )


def _insert_edit(connection: Session, row: EditRow) -> None:
    try:
        connection.execute(_INSERT_EDIT, row)
    except _TAKEN as error:
        raise Refused("id_taken", "An edit of that id is in the log already", path="edit_id") from error


def _keep_answer(connection: Session, provenance: Provenance, answer: Answer, records: list[Record]) -> None:
    body = answer.body if isinstance(answer.body, bytes) else answer.body(records)
    content = (provenance.actor, answer.key, answer.request_hash, answer.status, body, provenance.edit_id)
    connection.execute(_INSERT_ANSWER, (*content, answer_digest(content)))
