"""Projects at their newest version, and at any older one: cached folds over the log.

A head has two ends. ``durable`` is what the log holds. ``tip`` is ahead of it by the edits that were submitted and are
not on disk yet: decisions are made there, so that edits to one project share a commit. When one of them fails, the head
is dropped, and with it everything that stood on the failure.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence

import structlog

from adapters.eventstore.edits import Record
from adapters.eventstore.port import EventLog
from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.errors import Refused
from domain.ids import ProjectId, is_id, project_stream
from domain.timeline.history import LogRecord
from rust_core import FOLD_FINGERPRINT, CoreError, History, Project

HEADS_KEPT = 256
VERSIONS_KEPT = 4096
SNAPSHOT_EVERY = 500
NEWEST = 2**62

_log = structlog.get_logger("heads")


class Head:
    """One project.

    ``pending`` holds by version what is submitted and not durable: the state and its records. ``newest`` is what the
    log will say to the last of them.
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
    """Every head that was used lately, and old versions that were."""

    def __init__(self, log: EventLog, metrics: Metrics) -> None:
        """Over a log."""
        self._log = log
        self._metrics = metrics
        self._heads: OrderedDict[str, Head] = OrderedDict()
        self._versions: OrderedDict[tuple[str, int], Project] = OrderedDict()

    def head(self, project: str) -> Head:
        """A project that exists; refuses ``unknown_project``."""
        found = self._heads.get(project) or self._loaded(project)
        if found.id in self._heads:
            self._heads.move_to_end(found.id)
        if not found.tip.exists:
            raise Refused("unknown_project", "There is no such project", "project", [project[:64]])
        return found

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
        self._remember(head.id, head.durable)
        if before // SNAPSHOT_EVERY != head.durable.version // SNAPSHOT_EVERY:
            self._snapshot(head)

    def at(self, head: Head, version: int) -> Project:
        """A project as it was at a durable version; refuses ``unknown_version``."""
        if version == head.durable.version:
            return head.durable
        if not 0 < version < head.durable.version:
            newest = head.durable.version
            raise Refused(
                "unknown_version", f"Versions go from 1 to {newest}", "version", extra={"current_version": newest}
            )
        kept = self._versions.get((head.id, version))
        if kept is not None:
            self._versions.move_to_end((head.id, version))
            return kept
        return self._remember(head.id, self._folded(head.stream, version))

    def base(self, head: Head, version: int) -> Project:
        """The same for what an undo stands on: version 0 is the empty past, and what is under way counts."""
        if version in head.pending:
            return head.pending[version][0]
        return Project.empty() if version == 0 else self.at(head, version)

    def since(self, head: Head, version: int) -> tuple[Project, list[LogRecord]]:
        """A project as it was at a version that a caller names as expected, and what came after it up to the tip."""
        newest = head.tip.version
        if not 0 < version <= newest:
            message = f"The project is at version {newest}; asked for was {version}"
            raise Refused("version_conflict", message, "expected_version", extra={"current_version": newest})
        return self.base(head, version), self.records(head, version)

    def history(self, head: Head) -> History:
        """The undo book of a project up to its tip."""
        if head.history is None:
            history = History()
            history.extend(self.records(head, 0))
            head.history = history
        return head.history

    def history_at(self, head: Head, version: int) -> History:
        """The undo book as it was at a durable version."""
        if version == head.tip.version:
            return self.history(head)
        history = History()
        history.extend([_plain(record) for record in self._log.read(head.stream, 0, version)])
        return history

    def records(self, head: Head, after: int) -> list[LogRecord]:
        """Everything that happened to a project after a version, up to its tip."""
        found = [_plain(record) for record in self._log.read(head.stream, after, head.durable.version)]
        for _, records in head.pending.values():
            found += (record for record in records if record[0] > after)
        return found

    def _loaded(self, project: str) -> Head:
        if not is_id(project):
            raise Refused("unknown_project", "There is no such project", "project", [project[:64]])
        name = ProjectId(project)
        durable = self._folded(project_stream(name), NEWEST)
        head = Head(name, durable)
        return self._kept(head) if durable.version else head

    def _kept(self, head: Head) -> Head:
        self._heads[head.id] = head
        surplus = max(0, len(self._heads) - HEADS_KEPT)
        idle = [name for name, kept in self._heads.items() if not kept.pending and kept is not head]
        for name in idle[:surplus]:
            del self._heads[name]
        return head

    def _folded(self, stream: str, version: int) -> Project:
        """From the nearest usable snapshot on."""
        with self._metrics.core_seconds.labels("fold").time():
            start, project = self._nearest(stream, version)
            records = self._log.read(stream, start, version)
            try:
                return project.apply([record.fact for record in records])
            except CoreError as error:
                if version == NEWEST:
                    raise Refused(error.code, error.message, error.path, list(error.ids)) from None
                raise Refused("unknown_version", "That version lies inside an edit", "version") from None

    def _nearest(self, stream: str, version: int) -> tuple[int, Project]:
        found = self._log.nearest_snapshot(stream, version, FOLD_FINGERPRINT)
        if found is None:
            return 0, Project.empty()
        try:
            with refusing():
                project = Project.restore(found[1])
            if project.version != found[0]:
                raise Refused("snapshot_unusable", f"it is of version {project.version}")
            return found[0], project
        except Refused as refused:
            _log.warning("snapshot_unusable", stream=stream, version=found[0], reason=refused.message)
            return 0, Project.empty()

    def _remember(self, project: str, state: Project) -> Project:
        self._versions[project, state.version] = state
        while len(self._versions) > VERSIONS_KEPT:
            self._versions.popitem(last=False)
        return state

    def _snapshot(self, head: Head) -> None:
        version, state = head.durable.version, head.durable.snapshot()
        kept = self._log.save_snapshot(head.stream, version, FOLD_FINGERPRINT, state)
        kept.add_done_callback(lambda done: done.exception() and _log.warning("snapshot_not_kept", stream=head.stream))


def _plain(record: Record) -> LogRecord:
    return (record.version, record.edit_id, record.actor, record.fact)


def as_records(first: int, edit: str, actor: str, payloads: Sequence[bytes]) -> list[LogRecord]:
    """Facts about to be submitted, as the undo book takes them."""
    return [(version, edit, actor, payload) for version, payload in enumerate(payloads, first)]
