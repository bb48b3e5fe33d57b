"""The edits of a project as they can be decided again: from the log, with the ops that were asked for."""

from decimal import Decimal
from typing import Any

import msgspec

from adapters.app.heads import Head, Heads
from adapters.eventstore.port import EventLog
from domain.timeline.again import Step
from domain.timeline.events import ForkedFrom, MergedFrom, TimelineFact
from domain.timeline.history import LogRecord

_FACT: msgspec.msgpack.Decoder[TimelineFact] = msgspec.msgpack.Decoder(TimelineFact)
_COMMAND = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)


class Steps:
    """Reads edits back. Only what is durable counts."""

    def __init__(self, log: EventLog, heads: Heads) -> None:
        """Over a log."""
        self._log = log
        self._heads = heads

    def counting(self, head: Head, after: int) -> list[Step]:
        """The plain edits of a project that count and came after a version, oldest first. Of one that began before it,
        what came after."""
        records = self.records(head, after)
        begins = {edit: first for edit, first, _ in self._heads.history(head).counting(after)}
        names = dict.fromkeys(record[1] for record in records)
        return [self._step(edit, records, whole=begins[edit] > after) for edit in names if edit in begins]

    def net(self, head: Head, after: int) -> Step | None:
        """Where an edit up to a version was taken back or restored since: all that differs, as one step without ops."""
        if not self._heads.history(head).reaches_back(after):
            return None
        facts = self._heads.base(head, after).diff(head.durable)
        return Step(f"since-{after}", [], [_FACT.decode(fact) for fact in facts])

    def records(self, head: Head, after: int) -> list[LogRecord]:
        """What happened to a project after a version."""
        return [record for record in self._heads.records(head, after) if record[0] <= head.durable.version]

    def merges(self, records: list[LogRecord], project: str) -> dict[str, int]:
        """The edits among them that merged another project, and up to which version of it."""
        facts = ((edit, _FACT.decode(payload)) for _, edit, _, payload in records)
        return {edit: fact.version for edit, fact in facts if isinstance(fact, MergedFrom) and fact.project == project}

    def origin(self, head: Head) -> tuple[ForkedFrom | None, int]:
        """What a project was forked from, and the version after the edit that made it."""
        (first,) = self._log.edits(head.stream, 0, 1)
        (last,) = self._log.read(head.stream, first.last_version - 1, first.last_version)
        fact = _FACT.decode(last.fact)
        return (fact if isinstance(fact, ForkedFrom) else None), first.last_version

    def _step(self, edit: str, records: list[LogRecord], *, whole: bool) -> Step:
        told = self._log.edit(edit) if whole else None
        command = _COMMAND.decode(told.command) if told is not None and told.kind == "edit" else {}
        facts = [_FACT.decode(record[3]) for record in records if record[1] == edit]
        return Step(edit, command.get("ops", []), [fact for fact in facts if not isinstance(fact, MergedFrom)])
