"""The event log that the application writes to: SQLite behind the eventsourcing library's recorder."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

from adapters.eventstore.append import stored_events
from adapters.eventstore.connection import Durability
from adapters.eventstore.database import LogDatabase
from adapters.eventstore.edits import Edit, Record
from adapters.eventstore.reading import LogReader
from adapters.eventstore.recorders import LogApplicationRecorder
from adapters.eventstore.snapshots import keep_snapshot


class SqliteLog(LogReader):
    """The log, for the one process that owns it. Any thread may call any of it."""

    def __init__(self, path: Path, durability: Durability = "full") -> None:
        """Open it, or make an empty one; refuses when another process owns it."""
        self._database = LogDatabase(path, durability)
        self._recorder = LogApplicationRecorder(self._database)
        super().__init__(self._database.readers)

    def submit(self, edit: Edit) -> "Future[list[Record]]":
        """Append an edit; the future has its records once they are on disk. Edits are taken in the order of the calls.

        The future may raise ``Refused``: version_conflict (with ``current_version``), id_taken, key_reused,
        storage_full, log_unavailable; and ``AlreadyAnswered`` when the same request was accepted before. Cancelling it
        works until the writer has taken the edit up.
        """
        return self._recorder.submit_events(stored_events(edit), edit=edit)

    @property
    def shared(self) -> bool:
        """One process owns the file."""
        return False

    @property
    def leads(self) -> bool:
        """The owner does everything."""
        return True

    def save_snapshot(self, stream: str, version: int, fingerprint: str, state: bytes) -> "Future[None]":
        """Keep a state that the fold code of this fingerprint made; those of other fold code are dropped."""
        return self._database.write(lambda connection: keep_snapshot(connection, stream, version, fingerprint, state))

    def position(self) -> int:
        """The last committed position, without asking the file."""
        return self._database.position

    def wait(self, position: int, timeout: float) -> bool:
        """Block until the log reaches a position, woken by the commit; False when it did not in ``timeout`` seconds."""
        return self._database.wait(position, timeout)

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after each commit, in the writer thread: it must be quick."""
        self._database.on_commit(callback)

    def close(self) -> None:
        """Write what was submitted, then let another process own the log."""
        self._database.close()
