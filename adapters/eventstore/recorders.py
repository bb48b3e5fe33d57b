"""The eventsourcing library's recorder interfaces over the log's own tables.

``insert_events`` takes ``edit`` (a :class:`Provenance`) beside the library's ``tracking``. Originators are texts; a
UUID is stored as its text and comes back as one where the recorder was made for UUIDs.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Event
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
    ProcessRecorder,
    StoredEvent,
    Subscription,
    Tracking,
    TrackingRecorder,
)

from adapters.eventstore.append import append, append_plain
from adapters.eventstore.database import LogDatabase
from adapters.eventstore.edits import Provenance, Record
from domain.errors import Refused

_T = TypeVar("_T")
OriginatorId = Callable[[str], "UUID | str"]


class _Recorder:
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


class LogAggregateRecorder(_Recorder, AggregateRecorder):
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
        if edit is None:
            return lambda connection: append_plain(connection, stored_events)
        streams = {str(event.originator_id) for event in stored_events}
        if len(streams) > 1:
            raise ValueError("an edit belongs to one stream")
        stream = next(iter(streams), "")
        return lambda connection: append(connection, stream, stored_events, edit)


class LogSnapshotRecorder(_Recorder, AggregateRecorder):
    """The library's snapshots, in the snapshots table: a version and topic once each, and not in the chain."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Keep snapshots, all or none."""
        if kwargs:
            raise TypeError(f"a snapshot takes no {sorted(kwargs)}")
        rows = [
            (str(event.originator_id), event.originator_version, event.topic, event.state) for event in stored_events
        ]

        def work(connection: apsw.Connection) -> None:
            try:
                connection.executemany("INSERT INTO snapshots (stream, version, topic, state) VALUES (?,?,?,?)", rows)
            except apsw.ConstraintError as error:
                raise Refused("version_conflict", "That snapshot is there already") from error

        self._write(work)
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
        """The snapshots of one stream, by version."""
        return self._select("snapshots", originator_id, gt, lte, desc, limit)


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


class LogTrackingRecorder(_Recorder, TrackingRecorder):
    """How far each upstream application was followed."""

    def insert_tracking(self, tracking: Tracking) -> None:
        """Record a position that is further than the last."""
        self._write(lambda connection: _track(connection, tracking))
        self.database.stir()

    def max_tracking_id(self, application_name: str) -> int | None:
        """The furthest position recorded."""
        statement = "SELECT max(notification_id) FROM tracking WHERE application_name = ?"
        return next(iter(self._rows(statement, (application_name,))))[0]  # type: ignore[no-any-return]

    def wait(
        self, application_name: str, notification_id: int | None, timeout: float = 1.0, interrupt: Event | None = None
    ) -> None:
        """Block until a position is reached; woken by the commit, where the library polls."""
        if interrupt is not None:  # two things to wait for at once: the library's polling does that
            super().wait(application_name, notification_id, timeout, interrupt)
        elif not self.database.wait_until(lambda: self.has_tracking_id(application_name, notification_id), timeout):
            raise TimeoutError(f"{application_name!r} was not followed to {notification_id} in {timeout} s")


class LogProcessRecorder(LogTrackingRecorder, LogApplicationRecorder, ProcessRecorder):
    """Facts and the position upstream that they follow from, in one transaction."""

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:
        """Append the events and the tracking, all or none."""
        positions = super().insert_events(stored_events, **kwargs)
        self.database.stir()
        return positions

    def _work(
        self, stored_events: Sequence[StoredEvent], edit: Provenance | None = None, tracking: Tracking | None = None
    ) -> Callable[[apsw.Connection], list[Record]]:
        insert = super()._work(stored_events, edit)

        def work(connection: apsw.Connection) -> list[Record]:
            records = insert(connection)
            if tracking is not None:
                _track(connection, tracking)
            return records

        return work


def _track(connection: apsw.Connection, tracking: Tracking) -> None:
    connection.execute(
        "INSERT INTO tracking VALUES (?, ?) ON CONFLICT (application_name) DO UPDATE "
        "SET notification_id = excluded.notification_id WHERE notification_id < excluded.notification_id",
        (tracking.application_name, tracking.notification_id),
    )
    if not connection.changes():
        raise Refused(
            "version_conflict", f"{tracking.application_name} was followed further than {tracking.notification_id}"
        )
