"""The eventsourcing library's recorders that keep how far an upstream application was followed."""

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import apsw
from eventsourcing.persistence import ProcessRecorder, StoredEvent, Tracking, TrackingRecorder

from adapters.eventstore.edits import Provenance, Record
from adapters.eventstore.recorders import LogApplicationRecorder, LogRecorder
from domain.errors import Refused


class LogTrackingRecorder(LogRecorder, TrackingRecorder):
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
