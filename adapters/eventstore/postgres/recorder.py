"""The eventsourcing library's PostgreSQL recorder, with provenance, chain and gapless positions under its lock."""

from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from eventsourcing.persistence import IntegrityError, OperationalError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder

from adapters.eventstore.append import appending
from adapters.eventstore.edits import Provenance, Record
from adapters.eventstore.postgres.database import PostgresDatabase
from adapters.eventstore.postgres.schema import EVENTS_TABLE
from adapters.eventstore.queries import records_of
from domain.errors import Refused


class LogRecorder(PostgresApplicationRecorder):
    """Facts by stream and by position. The library reads and subscribes; writing goes through the process's writer."""

    def __init__(self, database: PostgresDatabase) -> None:
        """Over tables that are there."""
        super().__init__(database.datastore, events_table_name=EVENTS_TABLE)
        self._database = database

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the events, all or none; answers with their positions. Takes ``edit``, a :class:`Provenance`."""
        edit: Provenance | None = kwargs.pop("edit", None)
        if kwargs:
            raise TypeError(f"the log takes no {sorted(kwargs)}")
        try:
            records = self._database.write(appending(stored_events, edit)).result()
        except Refused as refused:
            if refused.code in ("version_conflict", "id_taken"):
                raise IntegrityError(refused) from refused
            raise OperationalError(refused) from refused
        return [record.position for record in records]

    def submit_events(self, stored_events: Sequence[StoredEvent], edit: Provenance) -> "Future[list[Record]]":
        """As ``insert_events``, without waiting. Refusals come out of the future as they are."""
        return self._database.write(appending(stored_events, edit), lambda session: records_of(session, edit) or None)
