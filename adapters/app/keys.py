"""Idempotency keys: the answer that is kept with a write, and given again when the same request comes twice."""

import uuid_utils

from adapters.app.asking import Answered, Asked
from adapters.eventstore.edits import Answer, Provenance, StoredAnswer
from adapters.eventstore.port import EventLog
from domain.errors import Refused


def kept_answer(asked: Asked, status: int, body: bytes) -> Answer | None:
    """What to keep with the write; None where no key came with it."""
    return Answer(asked.key.text, asked.key.request_hash, status, body) if asked.key else None


def replay(log: EventLog, asked: Asked) -> Answered | None:
    """The answer that this request had before; refuses ``key_reused`` where its key came with another one."""
    if asked.key is None:
        return None
    before = log.answer(asked.caller.actor, asked.key.text)
    return None if before is None else again(before, asked.key.request_hash)


def again(before: StoredAnswer, request_hash: bytes) -> Answered:
    """A stored answer, as an answer to the same request."""
    if before.request_hash != request_hash:
        raise Refused("key_reused", "This Idempotency-Key came with another request before", "Idempotency-Key")
    return Answered(before.status, before.body, replayed=True)


def provenance(asked: Asked, answer: Answer | None) -> Provenance:
    """Who asked for what, as it is kept with facts that are no edit of a project."""
    return Provenance(
        edit_id=str(uuid_utils.uuid7()),
        actor=asked.caller.actor,
        kind="record",
        command=asked.command,
        rationale=asked.rationale,
        correlation_id=asked.caller.correlation,
        answer=answer,
    )
