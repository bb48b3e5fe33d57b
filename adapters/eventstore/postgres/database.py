"""One log on a PostgreSQL server, as this process has it: its writer, its sessions, and what others are heard to do."""

from concurrent.futures import Future
from threading import Lock
from typing import TypeVar

from eventsourcing.postgres import PostgresApplicationRecorder

from adapters.eventstore.append import head
from adapters.eventstore.connection import Durability
from adapters.eventstore.growth import Growth
from adapters.eventstore.postgres import schema
from adapters.eventstore.postgres.attendant import Attendant
from adapters.eventstore.postgres.connection import Datastore, PostgresSession, check_server
from adapters.eventstore.postgres.refusals import refusing
from adapters.eventstore.postgres.writer import PostgresWriter, Work

_T = TypeVar("_T")


class PostgresDatabase(Growth):
    """What the recorders and the log stand on. Any thread may call any of it."""

    def __init__(self, url: str, durability: Durability = "full") -> None:
        """Open the log, or make an empty one. Refuses a server that can't be reached, or that can lose what it has."""
        super().__init__()
        self.datastore = Datastore(url, durability)
        self._turn = Lock()
        with refusing():
            with self.datastore.connect() as connection:
                if durability == "full":
                    check_server(connection)
                schema.create(connection)
                self._position = head(PostgresSession(connection)).position
            recorder = PostgresApplicationRecorder(self.datastore, events_table_name=schema.EVENTS_TABLE)
            self._attendant = Attendant(self.datastore, recorder.channel_name, self._reached)
            self._attendant.start()
            self._writer = PostgresWriter(self.datastore, recorder, self._reached)

    @property
    def position(self) -> int:
        """The last position that this process has been told of, without asking the server."""
        return self._position

    @property
    def leads(self) -> bool:
        """Whether this process is the one among those on this log that does what only one may do."""
        return self._attendant.leads

    def write(self, work: Work[_T], done: Work[_T | None] | None = None) -> "Future[_T]":
        """Queue work for the writer thread; the future is resolved when the work is durable.

        ``done`` says what the work came to where its commit was never answered, or None where it was not done.
        """
        return self._writer.submit(work, done)

    def close(self) -> None:
        """Finish what is queued, then stop listening."""
        self._writer.close()
        self._attendant.close()

    def _reached(self, position: int) -> None:
        """By this process or another, in the writer's or the attendant's thread."""
        with self._turn:
            if position > self._position:
                self._position = position
                self._committed(position)
