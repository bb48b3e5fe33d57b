"""Stale edits: a batch that was made for an older version, decided again on the newest where nothing it is about has
changed in between."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.core import refusing
from domain.errors import Refused
from domain.ids import EditId
from domain.time import Place
from domain.timeline.batch import Decided, decide_batch
from domain.timeline.commands import AnyOp
from domain.timeline.compare import parts
from domain.timeline.history import LogRecord
from domain.timeline.state import Library
from rust_core import Project, clashes

MOST_FACTS = 100
_GONE = ("unknown_clip", "unknown_track", "unknown_effect", "unknown_transition")
_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)

Side = tuple[Project, Sequence[LogRecord]]  # a project, and edits that came after it
Suggestion = list[tuple[int, dict[str, Any]]]  # ops by their place in the batch, and the fields to change in each


class Clash(msgspec.Struct, frozen=True):
    """What ``edit`` changed that the edit ``mine`` is about; without a ``field``, it went, or its place is taken."""

    mine: str
    edit: str
    entity: str
    field: str | None


class Change(msgspec.Struct, frozen=True):
    """A fact that came in between."""

    version: int
    edit_id: str
    actor: str
    fact: dict[str, Any]


_CLASHES = msgspec.msgpack.Decoder(list[Clash])


def clashing(mine: Side, theirs: Side, apart: Collection[str] = ()) -> list[Clash]:
    """Where edits are about what others changed; the edits named ``apart`` are in nobody's way."""
    with refusing():
        return _CLASHES.decode(clashes(mine, theirs, list(apart)))


def decide_rebased(
    ops: Sequence[AnyOp], base: Project, head: Project, since: Sequence[LogRecord], library: Library, edit: EditId
) -> Decided:
    """A batch made for ``base``, decided at ``head``.

    Refuses ``edit_conflict`` where an edit of ``since`` changed what the batch reads or writes. ``extra`` has the facts
    concerned, the things as they are now, and ``suggested``: the ops that would be accepted now.
    """
    facts = [msgspec.msgpack.encode(fact) for fact in decide_batch(ops, base, library, edit).facts]
    mine = [(base.version + n, str(edit), "", fact) for n, fact in enumerate(facts, 1)]
    found = clashing((base, mine), (base, since))
    if not found:
        return decide_batch(ops, head, library, edit)
    edits = list(dict.fromkeys(clash.edit for clash in found))
    raise Refused(
        "edit_conflict",
        f"Since version {base.version}, {_counted(edits)} changed what this one is about: {named(found)}",
        "expected_version",
        edits,
        {
            "current_version": head.version,
            "facts": between(since, edits),
            "current": current(head, {clash.entity for clash in found}),
            "suggested": suggested(ops, head, library, edit),
        },
    )


def _counted(edits: Sequence[str]) -> str:
    return "another edit" if len(edits) == 1 else f"{len(edits)} edits"


def named(found: Sequence[Clash]) -> str:
    """What the clashes are about, for a sentence."""
    names = sorted({f"{clash.entity}.{clash.field}" if clash.field else clash.entity for clash in found})
    return ", ".join(names[:5]) + (", \u2026" if len(names) > 5 else "")


def between(since: Sequence[LogRecord], edits: Collection[str]) -> list[Change]:
    """The facts of some edits, the first hundred of them."""
    told = [record for record in since if record[1] in edits]
    return [Change(version, name, who, msgspec.msgpack.decode(said)) for version, name, who, said in told[:MOST_FACTS]]


def current(head: Project, names: Collection[str]) -> dict[str, Any]:
    """The things of these ids as they are now; None for one that has gone."""
    now = {name: fields for (_, name), fields in parts(_DOCUMENT.decode(head.document()))}
    return {name: now.get(name) for name in sorted(names)}


def suggested(ops: Sequence[AnyOp], head: Project, library: Library, edit: EditId) -> Suggestion:
    """The batch as it would be accepted now: without ops on things that have gone, and behind what took a place."""
    left: list[tuple[int, AnyOp, dict[str, Any]]] = [(index, op, {}) for index, op in enumerate(ops)]
    for _ in range(2 * len(ops)):
        if not left:
            break
        try:
            decide_batch([op for _, op, _ in left], head, library, edit)
        except Refused as refused:
            failing = int(refused.extra["failing_op"])
            index, op, changes = left[failing]
            if refused.code in _GONE and not _refers(ops):
                del left[failing]
            elif refused.code == "clips_overlap" and hasattr(op, "at") and not changes:
                left[failing] = (index, replace(op, at=Place(end=True)), {"at": "end"})
            else:
                break
        else:
            return [(index, changes) for index, _, changes in left]
    return []


def _refers(ops: Sequence[AnyOp]) -> bool:
    """Whether an op names another by its place in the batch."""
    values = (getattr(op, field) for op in ops for field in op.__struct_fields__)
    texts = (text for value in values for text in (value if isinstance(value, list) else [value]))
    return any(isinstance(text, str) and text.startswith("$") for text in texts)
