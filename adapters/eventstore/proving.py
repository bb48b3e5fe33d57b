"""Rows as records: each is checked against the link that was made when it was written, so damage is never read."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from adapters.eventstore.chain import GENESIS, edit_digest, link
from adapters.eventstore.edits import EditRecord, Record
from adapters.eventstore.session import Session
from domain.errors import Refused

if TYPE_CHECKING:
    from rust_core._native import EditRow

FACTS = """SELECT e.position, e.stream, e.version, e.tag, e.payload, e.event_id, e.edit, e.chain, p.chain
FROM events e LEFT JOIN events p ON p.position = e.position - 1 """
_EDIT_AT = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits WHERE first_position = ?"""


def records(session: Session, rows: Iterable[Any]) -> Iterator[Record]:
    """Rows of ``FACTS`` as records; refuses ``log_corrupt`` with the position of the first that is not what was
    written."""
    edit: EditRow | None = None
    digest = b""
    for row in rows:
        try:
            if edit is None or edit[0] != row[6]:
                edit = _edit_at(session, row[6])
                digest = edit_digest(edit) if edit else b""
            if edit is None or not _holds(row, edit, digest):
                raise damaged(row[0])
        except (TypeError, ValueError, OverflowError) as error:
            raise damaged(row[0]) from error
        yield _record(row, edit)


def edits(session: Session, positions: Iterable[int]) -> list[EditRecord]:
    """The edits whose first facts stand at these positions, each proved by that fact."""
    found = []
    for position in positions:
        facts = list(records(session, session.execute(FACTS + "WHERE e.position = ?", (position,))))
        edit = _edit_at(session, position)
        if not facts or edit is None:
            raise damaged(position)
        found.append(_edit_record(edit))
    return found


def damaged(position: int) -> Refused:
    """The refusal of what stands at a position."""
    message = f"The log is damaged at or before position {position}: run `stoat log verify`"
    return Refused("log_corrupt", message, extra={"position": position})


def _edit_at(session: Session, position: int) -> "EditRow | None":
    row: EditRow | None = session.execute(_EDIT_AT, (position,)).fetchone()
    return row


def _holds(row: Any, edit: "EditRow", digest: bytes) -> bool:
    position, stream, version, _, _, _, first, chain, previous = row
    first_position, _, edit_stream, first_version, *_ = edit
    if (first, stream, version) != (first_position, edit_stream, first_version + position - first_position):
        return False
    proved: bool = link(GENESIS if position == 1 else previous, digest, row[:6]) == chain
    return proved


def _record(row: Any, edit: "EditRow") -> Record:
    position, stream, version, tag, payload, event_id, _, chain, _ = row
    _, edit_id, _, _, _, _, actor, _, _, correlation_id, causation_id, time_us, _, _ = edit
    return Record(
        position=position,
        stream=stream,
        version=version,
        tag=tag,
        payload=payload,
        edit_id=edit_id,
        event_id=event_id,
        actor=actor,
        correlation_id=correlation_id,
        causation_id=causation_id,
        time_us=time_us,
        chain=chain,
    )


def _edit_record(edit: "EditRow") -> EditRecord:
    _, edit_id, stream, first_version, facts, kind, actor, command, rationale, correlation_id, cause, time_us, _, _ = (
        edit
    )
    return EditRecord(
        edit_id=edit_id,
        stream=stream,
        first_version=first_version,
        last_version=first_version + facts - 1,
        kind=kind,  # type: ignore[arg-type]  # its digest is proved: it is one that was written
        actor=actor,
        command=command,
        rationale=rationale,
        correlation_id=correlation_id,
        causation_id=cause,
        time_us=time_us,
    )
