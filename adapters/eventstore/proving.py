"""Rows as records: each is checked against the link that was made when it was written, so damage is never read."""

from collections.abc import Sequence
from typing import Any

from adapters.eventstore.edits import EditRecord, Record
from adapters.eventstore.session import Session
from domain.errors import Refused
from rust_core import first_unproved
from rust_core.rows import EditRow, FollowingRow

_FACTS = """SELECT e.position, e.stream, e.version, e.tag, e.payload, e.event_id, e.edit, e.chain, p.chain
FROM events e LEFT JOIN events p ON p.position = e.position - 1 """
_EDITS = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits
WHERE first_position IN (SELECT e.edit FROM events e {which}) ORDER BY first_position"""


def records(session: Session, which: str, bindings: Sequence[Any]) -> list[Record]:
    """The facts ``e`` that a ``WHERE …`` with its ``ORDER BY`` and ``LIMIT`` finds; refuses ``log_corrupt`` with the
    position of the first that is not what was written."""
    return [_record(fact, edit) for fact, edit in _proved(session, which, bindings)]


def edits(session: Session, which: str, bindings: Sequence[Any]) -> list[EditRecord]:
    """The edits of the first facts that are found so, each proved by that fact."""
    return [_edit_record(edit) for _, edit in _proved(session, which, bindings)]


def damaged(position: int) -> Refused:
    """The refusal of what stands at a position."""
    message = f"The log is damaged at or before position {position}: run `stoat log verify`"
    return Refused("log_corrupt", message, extra={"position": position})


def _proved(session: Session, which: str, bindings: Sequence[Any]) -> list[tuple[FollowingRow, EditRow]]:
    """Facts with their edits. An edit is written with its facts, so it is there when they are."""
    facts = session.execute(_FACTS + which, bindings).fetchall()
    if not facts:
        return []
    edits = session.execute(_EDITS.format(which=which), bindings).fetchall()
    if (position := first_unproved(edits, facts)) is not None:
        raise damaged(position)
    by_position = {edit[0]: edit for edit in edits}
    return [(fact, by_position[fact[6]]) for fact in facts]


def _record(fact: FollowingRow, edit: EditRow) -> Record:
    position, stream, version, tag, payload, event_id, _, chain, _ = fact
    _, edit_id, _, _, _, _, actor, _, _, correlation_id, causation_id, time_us, _, _ = edit
    # fields by their order: there may be many
    return Record(
        position,
        stream,
        version,
        tag,
        payload,
        edit_id,
        event_id,
        actor,
        correlation_id,
        causation_id,
        time_us,
        chain,
    )


def _edit_record(edit: EditRow) -> EditRecord:
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
