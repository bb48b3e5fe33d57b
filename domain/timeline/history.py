"""Undo, redo, revert: the document with some edits taken back or restored, and the facts that lead there from here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from domain.core import refusing
from domain.errors import Refused
from domain.timeline.events import EditRestored, EditReverted, TimelineFact
from rust_core import CoreError, History, Project, Rewrite

Direction = Literal["undo", "redo"]
Worth = Literal["active", "reverted", "masked"]
LogRecord = tuple[int, str, str, bytes]  # version, edit id, actor, payload

MOST_AT_ONCE = 1000

_FACT: msgspec.msgpack.Decoder[TimelineFact] = msgspec.msgpack.Decoder(TimelineFact)


class Line(msgspec.Struct, frozen=True):
    """An edit in a project's history: the versions its facts span, and what it is worth now.

    A ``masked`` edit counts, and later ones overwrote or removed everything that it did.
    """

    edit: str
    first: int
    last: int
    state: Worth


class Origin(msgspec.Struct, frozen=True):
    """The edit that a thing comes from, or the last that set a field of it; ``version`` is the project's after it."""

    entity: str
    field: str | None
    edit: str
    version: int


_ORIGINS = msgspec.msgpack.Decoder(list[Origin])
_LINES = msgspec.msgpack.Decoder(list[Line])


@dataclass(frozen=True)
class Rewritten:
    """What going back comes to. ``masked`` are (entity, field) pairs that a later edit had overwritten: kept."""

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
        return _carried_out(plan, past, head)


def revert(past: Past, head: Project, edit: str, *, cascade: bool = False) -> Rewritten:
    """Take one edit back, whoever made it and whatever came since; with ``cascade``, what stands on it as well.

    Of an undo, a redo or a revert, what it did to other edits is taken back.
    """
    with refusing():
        try:
            return _carried_out(past.history.revert(edit), past, head)
        except CoreError as error:
            if not cascade or error.code != "edit_has_dependents":
                raise
            return _carried_out(past.history.revert(edit, error.ids), past, head)


def leading(head: Project, target: Project) -> list[TimelineFact]:
    """The facts that make ``head``'s document ``target``'s; none where they are the same."""
    with refusing():
        return [_FACT.decode(fact) for fact in head.diff(target)]


def listed(history: History, before: int, limit: int, actor: str | None, state: Worth | None) -> list[Line]:
    """The newest ``limit`` edits whose first fact lies before a version, newest first."""
    return _LINES.decode(history.listed(before, limit, actor, state))


def blamed(history: History, entities: Sequence[str]) -> list[Origin]:
    """Where these tracks, clips and effects come from, newest first."""
    return _ORIGINS.decode(history.blame(entities))


def _carried_out(plan: Rewrite, past: Past, head: Project) -> Rewritten:
    target, masked = plan.target(past.at(plan.base_version), past.after(plan.base_version))
    facts = [*(_marker(*change) for change in plan.changes), *leading(head, target)]
    project = head.apply([msgspec.msgpack.encode(fact) for fact in facts])
    return Rewritten(facts, project, [edit for edit, _ in plan.changes], masked)


def _marker(edit: str, counts: bool) -> TimelineFact:
    return EditRestored(edit) if counts else EditReverted(edit)
