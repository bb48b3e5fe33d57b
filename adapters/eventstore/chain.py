"""The hash chain: what each record's 32 bytes stand for. The bytes that are hashed are the Rust core's to say."""

import msgspec

from adapters.eventstore.edits import Provenance
from rust_core import answer_digest, edit_digest, link
from rust_core.rows import EditRow

__all__ = ["GENESIS", "EditPlace", "answer_digest", "edit_digest", "edit_row", "link"]

GENESIS = bytes(32)


class EditPlace(msgspec.Struct, frozen=True):
    """Where and when an edit stands in the log. ``facts`` is how many it has."""

    stream: str
    first_position: int
    first_version: int
    facts: int
    time_us: int


def edit_row(provenance: Provenance, place: EditPlace) -> EditRow:
    """An edit as it is stored and as its digest takes it: without the answer's status and body, which may name it."""
    answer = provenance.answer
    return (
        place.first_position,
        provenance.edit_id,
        place.stream,
        place.first_version,
        place.facts,
        provenance.kind,
        provenance.actor,
        provenance.command,
        provenance.rationale,
        provenance.correlation_id,
        provenance.causation_id,
        place.time_us,
        answer.key if answer else None,
        answer.request_hash if answer else None,
    )
