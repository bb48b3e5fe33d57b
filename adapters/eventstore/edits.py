"""What goes into the log and what comes out of it: edits with their facts, records, stored answers."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from domain import catalogue

EditKind = Literal["edit", "undo", "redo", "revert", "restore", "fork", "merge", "what_if", "import", "record"]


class NewFact(msgspec.Struct, frozen=True):
    """A fact that is not in the log yet: its explicit tag and its MessagePack payload."""

    tag: str
    payload: bytes


class Record(msgspec.Struct, frozen=True, gc=False):
    """A fact in the log. ``time_us`` is UTC in microseconds, ``chain`` 32 bytes that prove everything up to here.

    ``tag`` and ``payload`` are as they were stored; whoever goes by what the fact means reads ``fact``.
    """

    position: int
    stream: str
    version: int
    tag: str
    payload: bytes
    edit_id: str
    event_id: str
    actor: str
    correlation_id: str
    causation_id: str | None
    time_us: int
    chain: bytes

    @property
    def fact(self) -> bytes:
        """The payload in the newest shape of its fact; refuses ``unknown_fact``, ``malformed_fact``."""
        return catalogue.SHAPES.newest(self.tag, self.payload)


class Answer(msgspec.Struct, frozen=True):
    """The reply to keep for an idempotency key, in the transaction of the edit that it answers.

    ``body`` may be a function of the edit's records: it is called in the writer thread before the commit, so it must be
    quick, and it may be called again when a commit has to be repeated.
    """

    key: str
    request_hash: bytes
    status: int
    body: bytes | Callable[[Sequence[Record]], bytes]


class StoredAnswer(msgspec.Struct, frozen=True):
    """The reply that was given to an idempotency key."""

    request_hash: bytes
    status: int
    body: bytes
    edit_id: str


class AlreadyAnswered(Exception):
    """The same request with the same key was accepted before; this is what it was told."""

    def __init__(self, answer: StoredAnswer) -> None:
        """Carry the first answer."""
        super().__init__("the request was accepted before")
        self.answer = answer


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Who asked for what, kept with the facts that followed. ``command`` is the JSON as it was sent."""

    edit_id: str
    actor: str
    kind: EditKind
    command: bytes
    correlation_id: str
    rationale: str | None = None
    causation_id: str | None = None
    answer: Answer | None = None


class Edit(Provenance, frozen=True, kw_only=True):
    """One accepted batch: its facts go to the end of one stream, all or none.

    Without facts nothing but the answer is kept: the request changed nothing.
    """

    stream: str
    expected_version: int
    facts: Sequence[NewFact]


class EditRecord(msgspec.Struct, frozen=True):
    """An edit in the log; its facts are the versions ``first_version`` to ``last_version``, inclusive."""

    edit_id: str
    stream: str
    first_version: int
    last_version: int
    kind: EditKind
    actor: str
    command: bytes
    rationale: str | None
    correlation_id: str
    causation_id: str | None
    time_us: int


class Head(msgspec.Struct, frozen=True):
    """The end of a log: the last position and its chain hash. Kept elsewhere, it proves that nothing was cut off."""

    position: int
    chain: bytes
