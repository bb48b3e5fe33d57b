"""Rows as records: each is checked against the link that was made when it was written, so damage is never read."""

from collections.abc import Iterable, Iterator
from typing import Any

import apsw
import msgspec

from adapters.eventstore.chain import GENESIS, EditPlace, edit_digest, link
from adapters.eventstore.edits import Answer, EditRecord, Provenance, Record
from domain.errors import Refused

FACTS = """SELECT e.position, e.stream, e.version, e.tag, e.payload, e.event_id, e.edit, e.chain, p.chain
FROM events e LEFT JOIN events p ON p.position = e.position - 1 """
EDITS = """SELECT first_position, edit_id, stream, first_version, facts, kind, actor, command, rationale,
correlation_id, causation_id, time_us, answer_key, request_hash FROM edits """
_EDIT_AT = EDITS + "WHERE first_position = ?"


class EditRow(msgspec.Struct, frozen=True):
    """An edit as its row tells it, and the digest that this gives."""

    place: EditPlace
    provenance: Provenance
    digest: bytes


def edit_row(row: Any) -> EditRow:
    """A row of ``EDITS``; raises TypeError or ValueError where damage has put a value of another type."""
    first, edit_id, stream, version, facts, kind, actor, command, rationale, correlation, cause, time_us, key, asked = (
        row
    )
    place = EditPlace(stream, first, version, facts, time_us)
    provenance = Provenance(
        edit_id=edit_id,
        actor=actor,
        kind=kind,
        command=command,
        correlation_id=correlation,
        rationale=rationale,
        causation_id=cause,
        answer=None if key is None else Answer(key, asked, 0, b""),
    )
    return EditRow(place, provenance, edit_digest(provenance, place))


def records(connection: apsw.Connection, rows: Iterable[Any]) -> Iterator[Record]:
    """Rows of ``FACTS`` as records; refuses ``log_corrupt`` with the position of the first that is not what was
    written."""
    edit: EditRow | None = None
    for row in rows:
        try:
            if edit is None or edit.place.first_position != row[6]:
                edit = _edit_at(connection, row[6])
            if edit is None or not _holds(row, edit):
                raise damaged(row[0])
        except (TypeError, ValueError, OverflowError) as error:
            raise damaged(row[0]) from error
        yield _record(row, edit)


def edits(connection: apsw.Connection, positions: Iterable[int]) -> list[EditRecord]:
    """The edits whose first facts stand at these positions, each proved by that fact."""
    found = []
    for position in positions:
        facts = list(records(connection, connection.execute(FACTS + "WHERE e.position = ?", (position,))))
        edit = _edit_at(connection, position)
        if not facts or edit is None:
            raise damaged(position)
        found.append(_edit_record(edit))
    return found


def damaged(position: int) -> Refused:
    """The refusal of what stands at a position."""
    message = f"The log is damaged at or before position {position}: run `stoat log verify`"
    return Refused("log_corrupt", message, extra={"position": position})


def _edit_at(connection: apsw.Connection, position: int) -> EditRow | None:
    row = connection.execute(_EDIT_AT, (position,)).fetchone()
    return edit_row(row) if row else None


def _holds(row: Any, edit: EditRow) -> bool:
    position, stream, version, tag, payload, event_id, first, chain, previous = row
    place = edit.place
    belongs = (first, stream, version) == (
        place.first_position,
        place.stream,
        place.first_version + position - place.first_position,
    )
    before = GENESIS if position == 1 else previous
    return belongs and link(before, edit.digest, position, stream, version, tag, event_id, payload) == chain


def _record(row: Any, edit: EditRow) -> Record:
    position, stream, version, tag, payload, event_id, _, chain, _ = row
    asked = edit.provenance
    return Record(
        position=position,
        stream=stream,
        version=version,
        tag=tag,
        payload=payload,
        edit_id=asked.edit_id,
        event_id=event_id,
        actor=asked.actor,
        correlation_id=asked.correlation_id,
        causation_id=asked.causation_id,
        time_us=edit.place.time_us,
        chain=chain,
    )


def _edit_record(edit: EditRow) -> EditRecord:
    place, asked = edit.place, edit.provenance
    return EditRecord(
        edit_id=asked.edit_id,
        stream=place.stream,
        first_version=place.first_version,
        last_version=place.first_version + place.facts - 1,
        kind=asked.kind,
        actor=asked.actor,
        command=asked.command,
        rationale=asked.rationale,
        correlation_id=asked.correlation_id,
        causation_id=asked.causation_id,
        time_us=place.time_us,
    )
