"""Who asks, under which conditions, and what is answered."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

import msgspec

from domain.errors import Refused
from domain.ids import EditId, derived
from domain.time import to_seconds
from domain.timeline.again import Outcome
from domain.timeline.impact import Impact

ANYBODY = "*"


@dataclass(frozen=True)
class Caller:
    """``actor`` is recorded with what it does; where no keys are set it is only what the caller says."""

    actor: str
    correlation: str


@dataclass(frozen=True)
class Key:
    """An idempotency key with the hash of the request that came with it."""

    text: str
    request_hash: bytes


@dataclass(frozen=True)
class Condition:
    """The project must be at one of these versions, or the request is refused with this code."""

    versions: frozenset[int]
    code: Literal["version_conflict", "stale_etag"]

    def check(self, version: int) -> None:
        """Refuse where the project has moved on."""
        if version in self.versions:
            return
        wanted = ", ".join(map(str, sorted(self.versions))) or "none that exists"
        message = f"It is at version {version}; asked for was {wanted}"
        field = "If-Match" if self.code == "stale_etag" else "expected_version"
        raise Refused(self.code, message, field, extra={"current_version": version})


@dataclass(frozen=True)
class Asked:
    """A write as it was asked for. ``command`` is the JSON that is kept in the log, ``intent`` the part of it that says
    what to do, without conditions and reasons."""

    caller: Caller
    command: bytes
    intent: bytes
    conditions: tuple[Condition, ...] = ()
    key: Key | None = None
    rationale: str | None = None

    def check(self, version: int) -> None:
        """Refuse where a condition does not hold."""
        for condition in self.conditions:
            condition.check(version)


class Range(msgspec.Struct, frozen=True):
    """A stretch of the film in seconds, half-open."""

    start: Decimal
    end: Decimal


class Masked(msgspec.Struct, frozen=True):
    """A value that an undo left alone, because a later edit had overwritten it."""

    id: str
    field: str


class EditAnswer(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What an edit did. Without an ``edit_id`` it changed nothing; ``id`` is the thing that a POST was for.

    ``rebased_from`` is the version that the ops were made for, where they were decided on a newer one;
    ``replayed`` says what became of edits that were decided again."""

    version: int
    edit_id: str | None
    created: list[str]
    changed: list[str]
    invalidated: list[Range]
    id: str | None = None
    dry_run: bool = False
    rebased_from: int | None = None
    edits: list[str] = []
    masked: list[Masked] = []
    replayed: list[Outcome] = []


@dataclass(frozen=True)
class Answered:
    """An answer to a write. ``replayed``: it was given before, and nothing happened."""

    status: int
    body: bytes
    version: int | None = None
    replayed: bool = False


_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encoded(value: object) -> bytes:
    """An answer as JSON, decimals as numbers digit for digit."""
    return _ENCODER.encode(value)


def ranges(found: Impact) -> list[Range]:
    """The invalid stretches in seconds."""
    return [Range(to_seconds(start), to_seconds(end)) for start, end in found.invalidated]


def edit_name(stream: str, version: int, asked: Asked) -> EditId:
    """The id of an edit made at a version. The same wish has the same id: a dry run names what it would make."""
    digest = hashlib.blake2b(asked.intent, digest_size=16).hexdigest()
    return EditId(derived("edit", EditId(f"{stream}@{version}/{asked.caller.actor}/{digest}"), 0))
