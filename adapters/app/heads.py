"""Projects at their newest version, and what is under way in them.

A head has two ends. ``durable`` is what the log holds. ``tip`` is ahead of it by the edits that were submitted and are
not on disk yet: decisions are made there, so that edits to one project share a commit. When one of them fails, the head
is dropped, and with it everything that stood on the failure.

Where other processes write to the log too, a head is looked at whenever it is asked for: what is answered and decided
is never older than the log was then.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

from adapters.app.versions import Versions
from adapters.eventstore.edits import Record
from adapters.eventstore.port import EventLog
from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.errors import Refused
from domain.ids import ProjectId, is_id, project_stream
from domain.timeline.history import LogRecord
from rust_core import History, Project

HEADS_KEPT = 256
AT_ONCE = 1_000  # facts that are read without letting other threads go on


class Head:
    """One project.

    ``pending`` holds by version what is submitted and not durable: the state and its records. ``newest`` is what the
    log will say to the last of them: where that is kept, so is all that it stands on.
    """

    def __init__(self, project: ProjectId, durable: Project) -> None:
        """At what the log holds."""
        self.id = project
        self.stream = project_stream(project)
        self.durable = durable
        self.tip = durable
        self.pending: OrderedDict[int, tuple[Project, list[LogRecord]]] = OrderedDict()
        self.newest: asyncio.Future[list[Record]] | None = None
        self.history: History | None = None

    def submitted(self, after: Project, records: list[LogRecord]) -> None:
        """These facts were given to the log."""
        self.tip = after
        self.pending[after.version] = (after, records)
        if self.history is not None:
            self.history.extend(records)

    def settled(self, version: int) -> None:
        """The log has everything up to a version."""
        while self.pending and next(iter(self.pending)) <= version:
            _, (self.durable, _) = self.pending.popitem(last=False)


class Heads:
    """Every head that was used lately, and the past of each."""

    def __init__(self, log: EventLog, metrics: Metrics) -> None:
        """Over a log."""
        self._log = log
        self._versions = Versions(log, metrics)
        self._heads: OrderedDict[str, Head] = OrderedDict()

    def head(self, project: str) -> Head:
        """A project that exists; refuses ``unknown_project``."""
        found = self._heads.get(project)
        if found is None or (self._log.shared and not self._caught_up(found)):
            found = self._loaded(project)
        if found.id in self._heads:
            self._heads.move_to_end(found.id)
        if not found.tip.exists:
            raise Refused("unknown_project", "There is no such project", "project", [project[:64]])
        return found

    def apart(self, project: str, version: int | None = None) -> Head:
        """A project that exists as the log has it now, or had it at a version, for one look: nothing is kept of it.
        For any thread."""
        head = Head(ProjectId(project), self._versions.apart(project_stream(ProjectId(project)), version))
        if not head.durable.exists:
            raise Refused("unknown_project", "There is no such project", "project", [project[:64]])
        return head

    def begin(self, project: ProjectId) -> Head:
        """A project that is about to be created; refuses ``project_exists``, also for one that was deleted."""
        if project in self._heads or self._log.version(project_stream(project)):
            raise Refused("project_exists", "There is or was a project of that id", "id", [project])
        return Head(project, Project.empty())

    def drop(self, head: Head) -> None:
        """Forget a head whose tip did not become durable."""
        if self._heads.get(head.id) is head:
            del self._heads[head.id]

    def settled(self, head: Head, version: int) -> None:
        """The log has a head's edits up to a version: keep the states, and now and then a snapshot."""
        before = head.durable.version
        head.settled(version)
        if before == 0 and head.id not in self._heads:
            self._kept(head)
        if self._heads.get(head.id) is not head:
            return  # dropped, or read from the log by somebody quicker: that one goes on
        self._versions.settled(head.stream, head.durable, before)

    def at(self, head: Head, version: int) -> Project:
        """A project as it was at a durable version; refuses ``unknown_version``."""
        if version == head.durable.version:
            return head.durable
        if not 0 < version < head.durable.version:
            newest = head.durable.version
            raise Refused(
                "unknown_version", f"Versions go from 1 to {newest}", "version", extra={"current_version": newest}
            )
        return self._versions.at(head.stream, version)

    def base(self, head: Head, version: int) -> Project:
        """The same for what an undo stands on: version 0 is the empty past, and what is under way counts."""
        if version in head.pending:
            return head.pending[version][0]
        return Project.empty() if version == 0 else self.at(head, version)

    def since(self, head: Head, version: int) -> tuple[Project, list[LogRecord]]:
        """A project as it was at a version that a caller names as expected, and what came after it up to the tip."""
        newest = head.tip.version
        if not 0 < version <= newest:
            message = f"It is at version {newest}; asked for was {version}"
            raise Refused("version_conflict", message, "expected_version", extra={"current_version": newest})
        return self.base(head, version), self.records(head, version)

    async def read_history(self, project: str) -> None:
        """Have the undo book of a project at hand: of a long one it is read while others are answered.

        Where there is no such project, whoever needs it is told so.
        """
        try:
            head = self.head(project)
        except Refused:
            return
        if head.history is None:
            upto = head.durable.version
            history = await asyncio.to_thread(self._history, head.stream, upto)
            if head.history is None:
                history.extend(self.records(head, upto))  # what happened meanwhile
                head.history = history

    def history(self, head: Head) -> History:
        """The undo book of a project up to its tip."""
        if head.history is None:
            history = self._history(head.stream, head.durable.version)
            history.extend(self.records(head, head.durable.version))
            head.history = history
        return head.history

    async def history_at(self, head: Head, version: int) -> History:
        """The undo book as it was at a durable version, read while others are answered."""
        if version == head.tip.version:
            await self.read_history(head.id)
        if version == head.tip.version:
            return self.history(head)
        return await asyncio.to_thread(self._history, head.stream, version)

    def records(self, head: Head, after: int) -> list[LogRecord]:
        """Everything that happened to a project after a version, up to its tip."""
        found = [_plain(record) for record in self._log.read(head.stream, after, head.durable.version)]
        for _, records in head.pending.values():
            found += (record for record in records if record[0] > after)
        return found

    def _caught_up(self, head: Head) -> bool:
        """Take in what other processes wrote; False where what is under way here lost against it, so that the head has
        to be read anew."""
        if self._log.version(head.stream) == head.durable.version:
            return True
        if head.pending:
            first, ours = next(iter(head.pending.values()))[1][0][:2]
            return [record.edit_id for record in self._log.read(head.stream, first - 1, first)] == [ours]
        before, records = head.durable.version, self._log.read(head.stream, head.durable.version)
        with refusing():
            head.durable = head.tip = head.durable.apply([record.fact for record in records])
        if head.history is not None:
            head.history.extend([_plain(record) for record in records])
        self._versions.settled(head.stream, head.durable, before)
        return True

    def close(self) -> None:
        """Before the log is closed."""
        self._versions.close()

    def _history(self, stream: str, version: int) -> History:
        history = History()
        for after in range(0, version, AT_ONCE):
            history.extend([_plain(record) for record in self._log.read(stream, after, min(version, after + AT_ONCE))])
        return history

    def _loaded(self, project: str) -> Head:
        if not is_id(project):
            raise Refused("unknown_project", "There is no such project", "project", [project[:64]])
        name = ProjectId(project)
        durable = self._versions.newest(project_stream(name))
        head = Head(name, durable)
        return self._kept(head) if durable.version else head

    def _kept(self, head: Head) -> Head:
        self._heads[head.id] = head
        surplus = max(0, len(self._heads) - HEADS_KEPT)
        idle = [name for name, kept in self._heads.items() if not kept.pending and kept is not head]
        for name in idle[:surplus]:
            del self._heads[name]
        return head


def _plain(record: Record) -> LogRecord:
    return (record.version, record.edit_id, record.actor, record.fact)


def as_records(first: int, edit: str, actor: str, payloads: Sequence[bytes]) -> list[LogRecord]:
    """Facts about to be submitted, as the undo book takes them."""
    return [(version, edit, actor, payload) for version, payload in enumerate(payloads, first)]
