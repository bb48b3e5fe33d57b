"""The eventsourcing library's own recorder test cases, run against the log on PostgreSQL."""

from typing import Any
from uuid import uuid4

import pytest
from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.tests.persistence import ApplicationRecorderTestCase, NonInterleavingNotificationIDsBaseCase

from adapters.eventstore.postgres.connection import PostgresSessions
from adapters.eventstore.postgres.database import PostgresDatabase
from adapters.eventstore.postgres.recorder import LogRecorder
from adapters.eventstore.queries import LogQueries
from tests.postgres import Server


class OnPostgres:
    """Mixed into a test case: a recorder over a new database for each test."""

    @pytest.fixture(autouse=True)
    def _on_a_server(self, postgres: Server) -> None:
        self.server = postgres

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        self.database = PostgresDatabase(self.server.database())
        self.addCleanup(self.database.close)  # type: ignore[attr-defined]

    def create_recorder(self) -> Any:
        return LogRecorder(self.database)

    def new_originator_id(self) -> str:
        return f"project-{uuid4()}"


class TestApplicationRecorder(OnPostgres, ApplicationRecorderTestCase):
    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnPostgres, NonInterleavingNotificationIDsBaseCase):
    pass


def test_events_of_the_library_are_part_of_the_chain(postgres: Server) -> None:
    database = PostgresDatabase(postgres.database())
    recorder = LogRecorder(database)
    assert recorder.insert_events([StoredEvent("a", 1, "t.1", b"x"), StoredEvent("b", 1, "t.1", b"y")]) == [1, 2]
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("c", 1, "t.1", b""), StoredEvent("b", 1, "t.1", b"")])
    with pytest.raises(TypeError, match="trackng"):
        recorder.insert_events([StoredEvent("d", 1, "t.1", b"")], trackng=None)
    records = LogQueries(PostgresSessions(database.datastore)).read_all(0, 10)
    assert [(record.position, record.stream, len(record.chain)) for record in records] == [(1, "a", 32), (2, "b", 32)]
    database.close()


def test_a_refusal_leaves_no_gap(postgres: Server) -> None:
    """A sequence would: what it gave to a transaction that was rolled back is lost."""
    database = PostgresDatabase(postgres.database())
    recorder = LogRecorder(database)
    for number in range(1, 4):
        assert recorder.insert_events([StoredEvent("a", number, "t.1", b"")]) == [number]
        with pytest.raises(IntegrityError):
            recorder.insert_events([StoredEvent("a", number, "t.1", b"")])
    database.close()
