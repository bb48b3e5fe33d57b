"""A project's history as a list: each edit with who, what, when, why, and whether it counts."""

import msgspec

from adapters.app.heads import Heads
from adapters.app.pages import Page
from adapters.eventstore.edits import EditRecord
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from domain.timeline.history import Entry, entries
from projections.times import utc


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One edit. ``ops`` are the names of what was asked for; ``version`` is the project's after it."""

    edit_id: str
    version: int
    first_version: int
    kind: str
    state: str
    actor: str
    ops: list[str]
    rationale: str | None
    recorded_at: str
    correlation_id: str


class _Named(msgspec.Struct):
    op: str


class _Command(msgspec.Struct):
    ops: list[_Named] = []


class Past:
    """Reads what the undo book and the log say of each edit."""

    def __init__(self, log: SqliteLog, heads: Heads) -> None:
        """Over a log."""
        self._log = log
        self._heads = heads

    def listed(self, project: str, limit: int, cursor: str | None) -> Page[HistoryEntry]:
        """The newest ``limit`` edits before the version that ``cursor`` names."""
        head = self._heads.head(project)
        before = head.durable.version + 1 if cursor is None else _version(cursor)
        kept = [entry for entry in entries(self._heads.history(head)) if entry.first < before]
        durable = [entry for entry in kept if entry.last <= head.durable.version]
        page = durable[-limit:]
        if not page:
            return Page([], None)
        told = {edit.edit_id: edit for edit in self._log.edits(head.stream, page[0].first - 1, len(page))}
        items = [_entry(entry, told[entry.edit]) for entry in reversed(page)]
        return Page(items, str(page[0].first) if len(durable) > len(page) else None)


def _version(cursor: str) -> int:
    if not cursor.isdecimal() or len(cursor) > 18:
        raise Refused("invalid_field", "The cursor is not one that this list gave", "cursor")
    return int(cursor)


def _entry(entry: Entry, told: EditRecord) -> HistoryEntry:
    return HistoryEntry(
        edit_id=entry.edit,
        version=entry.last,
        first_version=entry.first,
        kind=entry.kind,
        state=entry.state,
        actor=entry.actor,
        ops=_ops(entry, told.command),
        rationale=told.rationale,
        recorded_at=utc(told.time_us),
        correlation_id=told.correlation_id,
    )


def _ops(entry: Entry, command: bytes) -> list[str]:
    """The names of the ops; of what is no batch, the kind of the edit."""
    if entry.kind != "edit":
        return [entry.kind]
    named = [named.op for named in msgspec.json.decode(command, type=_Command).ops]
    return named or (["create_project"] if entry.first == 1 else ["delete_project"])
