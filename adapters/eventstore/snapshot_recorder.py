"""The eventsourcing library's snapshots, in the log's snapshots table."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import apsw
from eventsourcing.persistence import AggregateRecorder, StoredEvent

from adapters.eventstore.recorders import LogRecorder
from domain.errors import Refused


class LogSnapshotRecorder(LogRecorder, AggregateRecorder):
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
