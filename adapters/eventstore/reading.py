"""A log file to read: any process may do it, while another one writes."""

from collections.abc import Callable
from pathlib import Path

from adapters.eventstore import schema
from adapters.eventstore.backup import backup, from_file
from adapters.eventstore.connection import Readers
from adapters.eventstore.edits import Head
from adapters.eventstore.evidence import evidence
from adapters.eventstore.queries import LogQueries
from adapters.eventstore.verify import VerifyReport, verify
from domain.errors import Refused


class LogReader(LogQueries):
    """A log file, read-only."""

    def __init__(self, readers: Readers) -> None:
        """Read through these connections."""
        super().__init__(readers)
        self._readers = readers

    def place(self) -> str:
        """Where the log is, for people."""
        return f"SQLite file {self._readers.path.name}"

    def verify(self, progress: Callable[[int, int], None] | None = None, anchor: Head | None = None) -> VerifyReport:
        """Prove the whole log as it is at this moment. ``progress`` is called with facts done and facts in all."""
        with evidence(self._readers) as found:
            return verify(found, progress, anchor)

    def backup(self, target: Path) -> Head:
        """Write a consistent, verified copy to a new file while writing goes on; answers with the copy's head."""
        return backup(from_file(self._readers), target)


def open_log(path: Path) -> LogReader:
    """A log to read while another process may be writing it; refuses when there is none, and one of a newer version."""
    if not path.is_file():
        raise Refused("log_unavailable", f"There is no log at {path}")
    readers = Readers(path)
    with readers.connection() as connection:
        schema.refuse_newer(connection)
    return LogReader(readers)
