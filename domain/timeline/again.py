"""Edits of one past decided again on another: what a merge and a what-if are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp, read_value
from domain.timeline.events import TimelineFact
from domain.timeline.rebase import Clash, named, suggested
from domain.timeline.state import Library, apply
from rust_core import Project


@dataclass(frozen=True)
class Step:
    """An edit: its ops as they were sent, and the facts that it came to. The facts are what is decided again where it
    had no ops, or ``as_it_came``."""

    edit: str
    ops: list[dict[str, Any]]
    facts: list[TimelineFact]
    as_it_came: bool = False

    def parsed(self) -> list[AnyOp]:
        """The ops."""
        return [msgspec.convert(op, AnyOp, dec_hook=read_value) for op in self.ops]


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of an edit that was decided again: applied, skipped on request, or in conflict.

    ``code`` is the rule that refused it; ``suggested_ops`` would be accepted after all the edits that were applied, and
    are none where there is nothing to send but to leave it out.
    """

    edit_id: str
    outcome: Literal["applied", "skipped", "conflict"]
    code: str | None = None
    message: str | None = None
    clashes: list[Clash] = []
    suggested_ops: list[dict[str, Any]] | UnsetType = UNSET


@dataclass(frozen=True)
class Decided:
    """What edits come to when they are decided again."""

    facts: list[TimelineFact]
    project: Project
    outcomes: list[Outcome]

    @property
    def conflicts(self) -> list[Outcome]:
        """Those that could not be applied."""
        return [outcome for outcome in self.outcomes if outcome.outcome == "conflict"]


def decide_again(
    steps: Sequence[Step],
    head: Project,
    library: Library,
    clashes: Mapping[str, list[Clash]],
    skip: Collection[str] = (),
) -> Decided:
    """Every step in turn, on what the ones before it came to. What clashes or is refused is left out, and said."""
    facts: list[TimelineFact] = []
    outcomes: list[Outcome] = []
    for step in steps:
        if step.edit in skip:
            outcomes.append(Outcome(step.edit, "skipped"))
            continue
        if found := clashes.get(step.edit):
            message = f"Edits here changed what it is about: {named(found)}"
            outcomes.append(Outcome(step.edit, "conflict", "edit_conflict", message, found))
            continue
        try:
            new, head = _decided(step, head, library)
        except Refused as refused:
            outcomes.append(Outcome(step.edit, "conflict", refused.code, refused.message))
        else:
            facts += new
            outcomes.append(Outcome(step.edit, "applied"))
    return Decided(facts, head, [_advised(*each, head, library) for each in zip(outcomes, steps, strict=True)])


def _decided(step: Step, head: Project, library: Library) -> tuple[list[TimelineFact], Project]:
    """Things get the ids that they had: they are derived from the same edit."""
    if step.ops and not step.as_it_came:
        decided = decide_batch(step.parsed(), head, library, EditId(step.edit))
        return decided.facts, decided.project
    return step.facts, apply(head, step.facts)


def _advised(outcome: Outcome, step: Step, head: Project, library: Library) -> Outcome:
    """With what to send instead: later edits may have taken away what an earlier state still had."""
    if outcome.outcome != "conflict":
        return outcome
    return replace(outcome, suggested_ops=_instead(step, head, library))


def _instead(step: Step, head: Project, library: Library) -> list[dict[str, Any]]:
    if not step.ops:
        return []
    found = suggested(step.parsed(), head, library, EditId(step.edit))
    return [step.ops[index] | changes for index, changes in found]
