"""Undo and redo: the document as it would be with some edits (un)done, and the facts that lead there from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from domain.core import refusing
from domain.errors import Refused
from domain.timeline.events import EditRestored, EditReverted, TimelineFact
from rust_core import History, Project

Direction = Literal["undo", "redo"]
LogRecord = tuple[int, str, str, bytes]  # version, edit id, actor, payload

MOST_AT_ONCE = 1000

_FACT: msgspec.msgpack.Decoder[TimelineFact] = msgspec.msgpack.Decoder(TimelineFact)


class Entry(msgspec.Struct, frozen=True):
    """An edit in a project's history: the versions its facts span, and whether it counts."""

    edit: str
    actor: str
    first: int
    last: int
    kind: Literal["edit", "undo", "redo"]
    state: Literal["active", "reverted"]


_ENTRIES = msgspec.msgpack.Decoder(list[Entry])


@dataclass(frozen=True)
class Rewritten:
    """What an undo or a redo comes to. ``masked`` are (entity, field) pairs that a later edit had overwritten: kept."""

    facts: list[TimelineFact]
    project: Project
    edits: list[str]
    masked: list[tuple[str, str]]


@dataclass(frozen=True)
class Past:
    """The log of a project, as far as going back needs it: folded to a version, and the records after one."""

    history: History
    at: Callable[[int], Project]
    after: Callable[[int], Sequence[LogRecord]]


def rewrite(direction: Direction, past: Past, head: Project, actor: str | None, count: int) -> Rewritten:
    """Undo or redo ``count`` edits of ``actor`` (None: of anybody), newest first."""
    if not 1 <= count <= MOST_AT_ONCE:
        raise Refused("out_of_range", f"count must be between 1 and {MOST_AT_ONCE}", "count")
    with refusing():
        plan = past.history.undo(actor, count) if direction == "undo" else past.history.redo(actor, count)
        target, masked = plan.target(past.at(plan.base_version), past.after(plan.base_version))
        facts = [*(_marker(direction, edit) for edit in plan.edits), *map(_FACT.decode, head.diff(target))]
        project = head.apply([msgspec.msgpack.encode(fact) for fact in facts])
    return Rewritten(facts, project, list(plan.edits), masked)


def _marker(direction: Direction, edit: str) -> TimelineFact:
    return EditReverted(edit) if direction == "undo" else EditRestored(edit)


def entries(history: History) -> list[Entry]:
    """Every edit, oldest first."""
    return _ENTRIES.decode(history.entries())
