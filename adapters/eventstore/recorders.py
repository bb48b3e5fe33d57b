"""The eventsourcing library's recorder interfaces over the log's own tables.

``insert_events`` takes ``edit`` (a :class:`Provenance`) beside the library's ``tracking``. Originators are texts; a
UUID is stored as its text and comes back as one where the recorder was made for UUIDs.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar
from uuid import UUID

import apsw
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    OperationalError,
    StoredEvent,
    Subscription,
)

from adapters.eventstore.append import appending
from adapters.eventstore.database import LogDatabase
from adapters.eventstore.edits import Provenance, Record
from domain.errors import Refused

_T = TypeVar("_T")
OriginatorId = Callable[[str], "UUID | str"]


class LogRecorder:
    """What all recorders share: the file, and how an originator's id is read from it."""

    def __init__(self, database: LogDatabase, originator_id: OriginatorId = str) -> None:
        self.database = database
        self._originator_id = originator_id

    def _write(self, work: Callable[[apsw.Connection], _T]) -> _T:
        """Do something durably, with the library's exceptions."""
        try:
            return self.database.write(work).result()
        except Refused as refused:
            if refused.code in ("version_conflict", "id_taken"):
                raise IntegrityError(refused) from refused
            raise OperationalError(refused) from refused

    def _rows(self, statement: str, bindings: Sequence[Any]) -> list[Any]:
        try:
            with self.database.readers.connection() as connection:
                return connection.execute(statement, bindings).fetchall()
        except Refused as refused:
            raise OperationalError(refused) from refused

    def _select(
        self, table: str, originator_id: "UUID | str", gt: int | None, lte: int | None, desc: bool, limit: int | None
    ) -> list[StoredEvent]:
        """Stored events of one originator from a table of ours, in the library's way of asking."""
        content = "tag, payload" if table == "events" else "topic, state"
        statement = (
            f"SELECT version, {content} FROM {table} WHERE stream = ? AND version > ? AND version <= ? "  # noqa: S608
            f"ORDER BY version {'DESC' if desc else 'ASC'} LIMIT ?"
        )
        lowest, highest = -(2**63) if gt is None else gt, 2**63 - 1 if lte is None else lte
        rows = self._rows(statement, (str(originator_id), lowest, highest, -1 if limit is None else limit))
        read = self._originator_id(str(originator_id))
        return [StoredEvent(read, version, topic, state) for version, topic, state in rows]


class LogAggregateRecorder(LogRecorder, AggregateRecorder):
    """Facts by stream, without their positions."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the events, all or none."""
        self._write(self._work(stored_events, **kwargs))
        return None

    def select_events(
        self,
        originator_id: "UUID | str",
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        """The events of one stream, by version."""
        return self._select("events", originator_id, gt, lte, desc, limit)

    def _work(
        self, stored_events: Sequence[StoredEvent], edit: Provenance | None = None
    ) -> Callable[[apsw.Connection], list[Record]]:
        """What an insert does in the writer thread."""
        return appending(stored_events, edit)


class LogApplicationRecorder(LogAggregateRecorder, ApplicationRecorder):
    """Facts by stream and by position."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the events, all or none; answers with their positions."""
        return [record.position for record in self._write(self._work(stored_events, **kwargs))]

    def submit_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> "Future[list[Record]]":
        """As ``insert_events``, without waiting. Refusals come out of the future as they are."""
        return self.database.write(self._work(stored_events, **kwargs))

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        """Facts from a position on, in the order of the log."""
        lowest = 0 if start is None else start if inclusive_of_start else start + 1
        bindings: list[Any] = [lowest, 2**63 - 1 if stop is None else stop, *topics, limit]
        wanted = f"AND tag IN ({','.join('?' * len(topics))}) " if topics else ""
        rows = self._rows(
            "SELECT stream, version, tag, payload, position FROM events "  # noqa: S608 - only question marks are put in
            f"WHERE position >= ? AND position <= ? {wanted}ORDER BY position LIMIT ?",
            bindings,
        )
        return [Notification(self._originator_id(stream), *rest) for stream, *rest in rows]

    def max_notification_id(self) -> int | None:
        """The last position, or None of an empty log."""
        return self.database.position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> Subscription[ApplicationRecorder]:
        """Facts after a position, those to come as well."""
        return LogSubscription(self, gt, topics)


class LogSubscription(ListenNotifySubscription[LogApplicationRecorder]):
    """An iterator over facts that waits for the next commit at the end of the log."""

    def __init__(self, recorder: LogApplicationRecorder, gt: int | None = None, topics: Sequence[str] = ()) -> None:
        """Begin after position ``gt``."""
        super().__init__(recorder, gt, topics)
        recorder.database.listen(self._has_been_notified)
        self._has_been_notified.set()  # something may have been committed between the first look and listening

    def stop(self) -> None:
        """End the iteration."""
        super().stop()
        self._recorder.database.unlisten(self._has_been_notified)
