"""Time travel: which version of a project a reader means, and the project there."""

from dataclasses import dataclass

from adapters.app.heads import Head, Heads
from adapters.eventstore.port import EventLog
from domain.errors import Refused
from domain.timeline.state import shown
from rust_core import Project


@dataclass(frozen=True)
class When:
    """A version, a time (UTC, microseconds), or the state after an edit; the newest durable version without any."""

    version: int | None = None
    at_us: int | None = None
    edit: str | None = None


NOW = When()


class Travel:
    """Finds states. The head never moves."""

    def __init__(self, log: EventLog, heads: Heads) -> None:
        """Over a log."""
        self._log = log
        self._heads = heads

    def state(self, project: str, when: When = NOW) -> tuple[Head, Project]:
        """A project then; refuses ``unknown_version`` and ``unknown_edit``."""
        head = self._heads.head(project)
        return head, self._heads.at(head, self._version(head, when))

    def version(self, project: str, when: When = NOW) -> int:
        """The version that is meant."""
        return self.state(project, when)[1].version

    def _version(self, head: Head, when: When) -> int:
        if when.edit is not None:
            return self._after(head, when.edit)
        if when.at_us is not None:
            version = self._log.version_at(head.stream, when.at_us)
            if version == 0:
                raise Refused("unknown_version", "The project did not exist yet", "at")
            return min(version, head.durable.version)  # one that is being settled is not yet for anybody to see
        return head.durable.version if when.version is None else when.version

    def _after(self, head: Head, edit: str) -> int:
        found = self._log.edit(edit)
        if found is None or found.stream != head.stream:
            raise Refused("unknown_edit", f"No edit {shown(edit)} in this project", "edit", [edit[:64]])
        return found.last_version
