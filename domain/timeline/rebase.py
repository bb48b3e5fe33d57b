"""Stale edits: a batch that was made for an older version, decided again on the newest where nothing it is about has
changed in between."""

from collections.abc import Sequence
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
_GONE = ("unknown_clip", "unknown_track", "unknown_effect")
_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)


class Clash(msgspec.Struct, frozen=True):
    """What an edit changed that the stale one is about; without a ``field``, it went, or its place is taken."""

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


def decide_rebased(
    ops: Sequence[AnyOp], base: Project, head: Project, since: Sequence[LogRecord], library: Library, edit: EditId
) -> Decided:
    """A batch made for ``base``, decided at ``head``.

    Refuses ``edit_conflict`` where an edit of ``since`` changed what the batch reads or writes. ``extra`` has the facts
    concerned, the things as they are now, and ``suggested``: for ops that would be accepted now, their places in the
    batch and the fields to change in each.
    """
    mine = decide_batch(ops, base, library, edit)
    with refusing():
        found = _CLASHES.decode(clashes(base, [msgspec.msgpack.encode(fact) for fact in mine.facts], since))
    if not found:
        return decide_batch(ops, head, library, edit)
    edits = list(dict.fromkeys(clash.edit for clash in found))
    names = sorted({f"{clash.entity}.{clash.field}" if clash.field else clash.entity for clash in found})
    shown = ", ".join(names[:5]) + (", \u2026" if len(names) > 5 else "")
    raise Refused(
        "edit_conflict",
        f"Since version {base.version}, {len(edits)} edits changed what this one is about: {shown}",
        "expected_version",
        edits,
        {
            "current_version": head.version,
            "facts": _between(since, set(edits)),
            "current": _current(head, {clash.entity for clash in found}),
            "suggested": _suggested(ops, head, library, edit),
        },
    )


def _between(since: Sequence[LogRecord], edits: set[str]) -> list[Change]:
    told = [record for record in since if record[1] in edits]
    return [Change(version, name, who, msgspec.msgpack.decode(said)) for version, name, who, said in told[:MOST_FACTS]]


def _current(head: Project, names: set[str]) -> dict[str, Any]:
    """The things of these ids as they are now; None for one that has gone."""
    now = {name: fields for (_, name), fields in parts(_DOCUMENT.decode(head.document()))}
    return {name: now.get(name) for name in sorted(names)}


def _suggested(ops: Sequence[AnyOp], head: Project, library: Library, edit: EditId) -> list[tuple[int, dict[str, Any]]]:
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
