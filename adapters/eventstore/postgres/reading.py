"""A log on PostgreSQL to read: any process may do it, while others write."""

from collections.abc import Callable
from pathlib import Path

from adapters.eventstore.backup import backup
from adapters.eventstore.edits import Head
from adapters.eventstore.postgres import schema
from adapters.eventstore.postgres.connection import Datastore, PostgresSessions
from adapters.eventstore.postgres.proof import as_file, prove
from adapters.eventstore.postgres.refusals import refusing
from adapters.eventstore.queries import LogQueries
from adapters.eventstore.verify import VerifyReport


class PostgresReader(LogQueries):
    """The log, read-only."""

    def __init__(self, datastore: Datastore) -> None:
        """Read through its pool."""
        super().__init__(PostgresSessions(datastore))
        self._datastore = datastore

    def place(self) -> str:
        """Where the log is, for people; without the password."""
        address = self._datastore.address
        return f"PostgreSQL database {address.get('dbname', '')} at {address.get('host', 'its default place')}"

    def verify(self, progress: Callable[[int, int], None] | None = None, anchor: Head | None = None) -> VerifyReport:
        """Prove the whole log as it is at this moment. ``progress`` is called with facts done and facts in all."""
        return prove(self._datastore, progress, anchor)

    def backup(self, target: Path) -> Head:
        """Write a consistent, verified copy to a new log file while writing goes on; answers with the copy's head.

        ``SqliteLog`` opens the file; positions, versions, times and chain are the same.
        """
        return backup(as_file(self._datastore), target)

    def close(self) -> None:
        """Leave the server."""
        super().close()
        self._datastore.close()


def open_log(url: str) -> PostgresReader:
    """A log to read; refuses where there is none, and makes none."""
    datastore = Datastore(url)
    with refusing(), datastore.connect() as connection:
        schema.check(connection)
    return PostgresReader(datastore)
