"""The hash chain: what each record's 32 bytes stand for.

An edit's digest covers everything about the edit but its facts. A fact's link covers the link before it, where the fact
stands, the edit's digest and the payload's hash, so the payload alone could be redacted and the chain still hold.
"""

from hashlib import blake2b

import msgspec

from adapters.eventstore.edits import Provenance

GENESIS = bytes(32)
_encode = msgspec.msgpack.Encoder().encode  # arrays of integers, texts and bytes have one encoding


def digest(content: bytes) -> bytes:
    """BLAKE2b-256."""
    return blake2b(content, digest_size=32).digest()


class EditPlace(msgspec.Struct, frozen=True):
    """Where and when an edit stands in the log. ``facts`` is how many it has."""

    stream: str
    first_position: int
    first_version: int
    facts: int
    time_us: int


def edit_digest(provenance: Provenance, place: EditPlace) -> bytes:
    """The digest of who asked for what, when and where; without the answer's status and body, which may name it."""
    answer = provenance.answer
    return digest(
        _encode(
            (
                "edit.1",
                provenance.edit_id,
                provenance.kind,
                provenance.actor,
                digest(provenance.command),
                provenance.rationale,
                provenance.correlation_id,
                provenance.causation_id,
                answer.key if answer else None,
                answer.request_hash if answer else None,
                place.stream,
                place.first_position,
                place.first_version,
                place.facts,
                place.time_us,
            )
        )
    )


def link(
    previous: bytes, edit: bytes, position: int, stream: str, version: int, tag: str, event_id: str, payload: bytes
) -> bytes:
    """The chain hash of one fact, from the one before it and the digest of its edit."""
    header = _encode(("fact.1", position, stream, version, tag, event_id, edit))
    return digest(previous + header + digest(payload))


def answer_digest(actor: str, key: str, request_hash: bytes, status: int, body: bytes, edit_id: str) -> bytes:
    """What a stored answer is checked against before it is given again."""
    return digest(_encode(("answer.1", actor, key, request_hash, status, digest(body), edit_id)))
