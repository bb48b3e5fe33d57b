"""A batch of ops as one step: each sees what the ones before it did, and all of them happen or none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict, replace

from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.commands import AnyOp
from domain.timeline.decide import decide
from domain.timeline.events import (
    ClipAdded,
    EffectAdded,
    GlobalEffectAdded,
    TimelineFact,
    TrackAdded,
    TransitionAdded,
)
from domain.timeline.state import Library, State, apply, shown
from rust_core import Project

_REFERENCE = re.compile(r"\$(\d{1,6})\Z", re.ASCII)
_NAMES = ("track", "clip", "effect", "from_", "to", "transition")
_LISTS = ("tracks", "effects", "clips")

# by code, the fields of ops that lead there; the first that an op has is meant
_CAUSES = {
    "clips_overlap": ("at", "track", "out_point", "in_point"),
    "outside_timeline": ("at", "out_point", "in_point"),
    "outside_source": ("out_point", "in_point", "at", "source"),
    "empty_range": ("out_point", "in_point", "at", "source"),
    "out_of_range": ("fade_in", "fade_out", "out_point", "in_point", "at"),
    "wrong_kind": ("type", "keyframes", "track", "source"),
}


@dataclass(frozen=True)
class Decided:
    """What a batch comes to: its facts, the project after them, and what each op created (None: nothing)."""

    facts: list[TimelineFact]
    project: Project
    created: list[str | None]


def decide_batch(ops: Sequence[AnyOp], project: Project, library: Library, edit: EditId) -> Decided:
    """Every op in turn. A refusal names the op: its path starts with ``ops[n]``, and ``failing_op`` is n."""
    facts: list[TimelineFact] = []
    created: list[str | None] = []
    for index, op in enumerate(ops):
        try:
            new = decide(_resolved(op, created), State(project, library, edit, index))
            project = apply(project, new) if new else project
        except Refused as refused:
            raise _in_op(refused, op, index) from None
        facts += new
        created.append(_made(new))
    return Decided(facts, project, created)


def _in_op(refused: Refused, op: AnyOp, index: int) -> Refused:
    field = _meant(refused, op)
    path = f"ops[{index}].{field}" if field else f"ops[{index}]"
    return Refused(refused.code, refused.message, path, refused.ids, refused.extra | {"failing_op": index})


def _meant(refused: Refused, op: AnyOp) -> str:
    """The field of the op that is at fault: the fold names the one that is wrong in the document, and an op may have
    led to that by another."""
    field = (refused.path or "").removeprefix("output.")  # set_output has the format's fields as its own
    causes = _CAUSES.get(refused.code, ())
    if field not in causes or _said(op, field):
        return field
    return next((cause for cause in causes if _said(op, cause)), field)


def _said(op: AnyOp, field: str) -> bool:
    return getattr(op, field, UNSET) not in (UNSET, {})


def _made(facts: list[TimelineFact]) -> str | None:
    """The first thing added: an op makes one, and what comes with it follows."""
    for fact in facts:
        match fact:
            case TrackAdded():
                return fact.track.id
            case ClipAdded():
                return fact.clip.id
            case EffectAdded() | GlobalEffectAdded():
                return fact.effect.id
            case TransitionAdded():
                return fact.transition.id
            case _:
                continue
    return None


def _resolved(op: AnyOp, created: list[str | None]) -> AnyOp:
    """The op with every ``"$n"`` replaced by the id it stands for."""
    fields = asdict(op)
    changes: dict[str, Any] = {
        name: _referred(fields[name], name.rstrip("_"), created)
        for name in _NAMES
        if isinstance(fields.get(name), str) and fields[name].startswith("$")
    }
    for name in _LISTS:
        if isinstance(fields.get(name), list):
            changes[name] = [_referred(item, name, created) for item in fields[name]]
    return replace(op, **changes) if changes else op


def _referred(text: str, path: str, created: list[str | None]) -> str:
    if not text.startswith("$"):
        return text
    reference = _REFERENCE.match(text)
    index = int(reference[1]) if reference else -1
    found = created[index] if 0 <= index < len(created) else None
    if found is None:
        raise Refused("invalid_field", f"{shown(text)} does not name an earlier op that created something", path)
    return found
