"""A project's history as a list: each edit with who, what, when, why, and whether it counts."""

from typing import Any

import msgspec

from adapters.app.heads import Heads
from adapters.app.pages import Page
from adapters.app.travel import NOW, Travel, When
from adapters.eventstore.edits import EditRecord
from adapters.eventstore.port import EventLog
from domain.errors import Refused
from domain.timeline.history import Line, Worth, listed
from projections.times import utc


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One edit. ``ops`` are the names of what was asked for; ``version`` is the project's after it."""

    edit_id: str
    version: int
    kind: str
    actor: str
    ops: list[str]
    rationale: str | None
    recorded_at: str
    correlation_id: str


class HistoryEntry(Told, frozen=True, kw_only=True):
    """An edit and what it is worth: active, reverted, or masked by later ones."""

    first_version: int
    state: Worth


class _Named(msgspec.Struct):
    op: str


class _Command(msgspec.Struct):
    ops: list[_Named] = []


class Past:
    """Reads what the undo book and the log say of each edit."""

    def __init__(self, log: EventLog, heads: Heads, travel: Travel) -> None:
        """Over a log."""
        self._log = log
        self._heads = heads
        self._travel = travel

    async def listed(
        self, project: str, actor: str | None, state: Worth | None, limit: int, cursor: str | None, when: When = NOW
    ) -> Page[HistoryEntry]:
        """The newest ``limit`` edits then, or before the version that ``cursor`` names: of an actor, in a state."""
        if when == NOW:
            await self._heads.read_history(project)
        head, then = self._travel.state(project, when)
        before = then.version + 1 if cursor is None else _version(cursor)
        history = self._heads.history(head) if when == NOW else await self._heads.history_at(head, then.version)
        lines = listed(history, before, limit + 1, actor, state)
        durable = [line for line in lines if line.last <= head.durable.version]
        items = [_entry(line, self._record(line.edit)) for line in durable[:limit]]
        return Page(items, str(items[-1].first_version) if len(durable) > limit else None)

    def told(self, edit: str) -> Told:
        """One edit that a project's facts name."""
        return Told(**_fields(self._record(edit)))

    def _record(self, edit: str) -> EditRecord:
        found = self._log.edit(edit)
        if found is None:
            raise Refused("log_corrupt", f"Edit {edit} has facts but no record of its own")
        return found


def _version(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Refused("invalid_field", "The cursor is not one that this list gave", "cursor")
    return int(cursor)


def _entry(line: Line, record: EditRecord) -> HistoryEntry:
    return HistoryEntry(first_version=line.first, state=line.state, **_fields(record))


def _fields(record: EditRecord) -> dict[str, Any]:
    return {
        "edit_id": record.edit_id,
        "version": record.last_version,
        "kind": record.kind,
        "actor": record.actor,
        "ops": _ops(record),
        "rationale": record.rationale,
        "recorded_at": utc(record.time_us),
        "correlation_id": record.correlation_id,
    }


def _ops(record: EditRecord) -> list[str]:
    """The names of the ops; of what is no batch, the kind of the edit."""
    if record.kind != "edit":
        return [record.kind]
    named = [named.op for named in msgspec.json.decode(record.command, type=_Command).ops]
    return named or (["create_project"] if record.first_version == 1 else ["delete_project"])
