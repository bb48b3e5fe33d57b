"""The event log on PostgreSQL: one of the processes that write to it."""

from collections.abc import Callable
from concurrent.futures import Future

from adapters.eventstore.append import stored_events
from adapters.eventstore.connection import Durability
from adapters.eventstore.edits import Edit, Record
from adapters.eventstore.postgres.connection import PostgresSession
from adapters.eventstore.postgres.database import PostgresDatabase
from adapters.eventstore.postgres.reading import PostgresReader
from adapters.eventstore.postgres.recorder import LogRecorder
from adapters.eventstore.snapshots import keep_snapshot


class PostgresLog(PostgresReader):
    """The log, for one of the processes that share it. Any thread may call any of it."""

    def __init__(self, url: str, durability: Durability = "full") -> None:
        """Open the log in the database that the URL names, or make an empty one there."""
        self._database = PostgresDatabase(url, durability)
        self._recorder = LogRecorder(self._database)
        super().__init__(self._database.datastore)

    @property
    def shared(self) -> bool:
        """Other processes may write."""
        return True

    @property
    def leads(self) -> bool:
        """Whether this process is the one among those on this log that does what only one may do."""
        return self._database.leads

    def submit(self, edit: Edit) -> "Future[list[Record]]":
        """Append an edit; the future has its records once the server has them durably.

        Refusals are the port's. Where the connection is lost in mid-commit, the edit is looked for before it is
        answered; ``outcome_unknown`` where the server stays away too long for that.
        """
        return self._recorder.submit_events(stored_events(edit), edit)

    def save_snapshot(self, stream: str, version: int, fingerprint: str, state: bytes) -> "Future[None]":
        """Keep a state that the fold code of this fingerprint made; those of other fold code are dropped."""

        def keep(session: PostgresSession) -> None:
            keep_snapshot(session, stream, version, fingerprint, state)

        return self._database.write(keep, lambda _: None)  # to keep it twice is to keep it once

    def position(self) -> int:
        """The last position that this process has been told of, without asking the server."""
        return self._database.position

    def wait(self, position: int, timeout: float) -> bool:
        """Block until the log reaches a position; False when it did not in ``timeout`` seconds."""
        return self._database.wait(position, timeout)

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after this or another process has written: it must be quick."""
        self._database.on_commit(callback)

    def close(self) -> None:
        """Write what was submitted, then leave the server."""
        self._database.close()
        super().close()
