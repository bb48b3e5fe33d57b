"""Projects at durable versions: the latest ones as they were folded, older ones from the nearest snapshot on."""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from adapters.eventstore.port import EventLog
from adapters.telemetry.metrics import Metrics
from domain.core import refusing
from domain.errors import Refused
from rust_core import FOLD_FINGERPRINT, CoreError, Project

KEPT = 4096  # states share what they have in common: one more costs what its edit changed
SNAPSHOT_EVERY = 500
STRIDE = 1_000  # facts that are read and folded at once
NEWEST = 2**62

_log = structlog.get_logger("versions")


class Versions:
    """States of projects that the log holds. For one thread, but for ``newest`` and ``apart``; snapshots are stored in
    another."""

    def __init__(self, log: EventLog, metrics: Metrics) -> None:
        """Over a log."""
        self._log = log
        self._metrics = metrics
        self._states: OrderedDict[tuple[str, int], Project] = OrderedDict()
        self._saving = ThreadPoolExecutor(1, "snapshots")

    def newest(self, stream: str) -> Project:
        """A project as the log has it now; the empty one where there is none."""
        return self._folded(stream, NEWEST)

    def apart(self, stream: str, version: int | None) -> Project:
        """The newest version or another, read from the log; nothing is kept of it."""
        return self._folded(stream, NEWEST if version is None else version)

    def at(self, stream: str, version: int) -> Project:
        """A project as it was at a version that there is; refuses ``unknown_version`` inside an edit."""
        kept = self._states.get((stream, version))
        if kept is None:
            return self._remembered(stream, self._folded(stream, version))
        self._states.move_to_end((stream, version))
        return kept

    def settled(self, stream: str, state: Project, before: int) -> None:
        """The log has a project up to this state, which followed version ``before``."""
        self._remembered(stream, state)
        if before // SNAPSHOT_EVERY != state.version // SNAPSHOT_EVERY:
            self._snapshot(stream, state)

    def close(self) -> None:
        """Store the snapshots that were begun."""
        self._saving.shutdown()

    def _remembered(self, stream: str, state: Project) -> Project:
        self._states[stream, state.version] = state
        while len(self._states) > KEPT:
            self._states.popitem(last=False)
        return state

    def _folded(self, stream: str, version: int) -> Project:
        """From the nearest usable snapshot on. Where the newest version is far from any, the missing ones are made."""
        with self._metrics.core_seconds.labels("fold").time():
            project, waiting, refusal = self._nearest(stream, version), list[bytes](), None
            while payloads := self._read(stream, project.version + len(waiting), version, max(STRIDE, len(waiting))):
                waiting += payloads
                try:
                    project, folded = project.apply(waiting), len(waiting)
                except CoreError as error:
                    refusal = error  # an edit that goes on beyond these facts may yet come out right
                    continue
                waiting, refusal = [], None
                if version == NEWEST and folded >= STRIDE:
                    self._snapshot(stream, project)
        if refusal is None:
            return project
        if version == NEWEST:
            raise Refused(refusal.code, refusal.message, refusal.path, list(refusal.ids))
        raise Refused("unknown_version", "That version lies inside an edit", "version")

    def _read(self, stream: str, after: int, upto: int, most: int) -> list[bytes]:
        return [record.fact for record in self._log.read(stream, after, min(upto, after + most))]

    def _nearest(self, stream: str, version: int) -> Project:
        found = self._log.nearest_snapshot(stream, version, FOLD_FINGERPRINT)
        if found is None:
            return Project.empty()
        try:
            with refusing():
                project = Project.restore(found[1])
            if project.version != found[0]:
                raise Refused("snapshot_unusable", f"it is of version {project.version}")
            return project
        except Refused as refused:
            _log.warning("snapshot_unusable", stream=stream, version=found[0], reason=refused.message)
            return Project.empty()

    def _snapshot(self, stream: str, state: Project) -> None:
        """Store a state, in its own time: no edit waits for it."""

        def save() -> None:
            self._log.save_snapshot(stream, state.version, FOLD_FINGERPRINT, state.snapshot()).result()

        def saved(done: Future[None]) -> None:
            if (error := done.exception()) is not None:
                _log.warning("snapshot_not_kept", stream=stream, version=state.version, reason=str(error))

        self._saving.submit(save).add_done_callback(saved)
