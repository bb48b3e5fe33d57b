"""The eventsourcing library's own recorder test cases, run against the log."""

import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from eventsourcing.persistence import InfrastructureFactory, IntegrityError, StoredEvent, Tracking
from eventsourcing.tests.persistence import (
    AggregateRecorderTestCase,
    ApplicationRecorderTestCase,
    InfrastructureFactoryTestCase,
    NonInterleavingNotificationIDsBaseCase,
    ProcessRecorderTestCase,
    TrackingRecorderTestCase,
)
from eventsourcing.utils import Environment, get_topic

from adapters.eventstore import LogFactory
from adapters.eventstore.recorders import LogAggregateRecorder, LogApplicationRecorder
from adapters.eventstore.tracking import LogProcessRecorder, LogTrackingRecorder


def environment(folder: str, originators: str) -> Environment:
    """The library's environment for a log of its own."""
    settings = {
        "PERSISTENCE_MODULE": "adapters.eventstore",
        "SQLITE_DBNAME": str(Path(folder) / "log.db"),
        "ORIGINATOR_ID_TYPE": originators,
    }
    return Environment("conformance", settings)


class OnALog:
    """Mixed into a test case: a factory over a new log for each test."""

    originators = "text"

    def setUp(self) -> None:
        super().setUp()  # type: ignore[misc]
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)  # type: ignore[attr-defined]
        self.log: Any = InfrastructureFactory.construct(environment(folder.name, self.originators))
        self.addCleanup(self.log.close)  # type: ignore[attr-defined]

    def new_originator_id(self) -> UUID | str:
        return uuid4() if self.originators == "uuid" else f"project-{uuid4()}"


class TestAggregateRecorder(OnALog, AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.log.aggregate_recorder()


class TestAggregateRecorderWithUuids(TestAggregateRecorder):
    originators = "uuid"


class TestSnapshotRecorder(OnALog, AggregateRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.log.aggregate_recorder(purpose="snapshots")


class TestApplicationRecorder(OnALog, ApplicationRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.log.application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestApplicationRecorderWithUuids(TestApplicationRecorder):
    originators = "uuid"

    # the load does not depend on how an id is written
    test_concurrent_no_conflicts = None  # type: ignore[assignment]
    test_concurrent_throughput = None  # type: ignore[assignment]


class TestNonInterleaving(OnALog, NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> Any:
        return self.log.application_recorder()


class TestTrackingRecorder(OnALog, TrackingRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.log.tracking_recorder()


class TestProcessRecorder(OnALog, ProcessRecorderTestCase):
    def create_recorder(self) -> Any:
        return self.log.process_recorder()


class TestProcessRecorderAsApplicationRecorder(TestApplicationRecorderWithUuids):
    def create_recorder(self) -> Any:
        return self.log.process_recorder()


class TestProcessRecorderAsTrackingRecorder(TestTrackingRecorder):
    def create_recorder(self) -> Any:
        return self.log.process_recorder()


class FollowedElsewhere(LogTrackingRecorder):
    """A subclass that an environment names."""


class TestFactory(InfrastructureFactoryTestCase[LogFactory]):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.env = environment(folder.name, "text")
        super().setUp()

    def expected_factory_class(self) -> type[LogFactory]:
        return LogFactory

    def expected_aggregate_recorder_class(self) -> type[LogAggregateRecorder]:
        return LogAggregateRecorder

    def expected_application_recorder_class(self) -> type[LogApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[LogTrackingRecorder]:
        return LogTrackingRecorder

    def tracking_recorder_subclass(self) -> type[LogTrackingRecorder]:
        return FollowedElsewhere

    def expected_process_recorder_class(self) -> type[LogProcessRecorder]:
        return LogProcessRecorder


@pytest.mark.parametrize(
    ("setting", "value"),
    [("SQLITE_DBNAME", ""), ("SQLITE_DBNAME", ":memory:"), ("ORIGINATOR_ID_TYPE", "int"), ("DURABILITY", "off")],
)
def test_a_wrong_environment_is_refused_by_name(tmp_path: Path, setting: str, value: str) -> None:
    settings = environment(str(tmp_path), "text")
    settings[setting] = value
    with pytest.raises(OSError, match=setting):
        LogFactory(settings)
    assert not (tmp_path / "log.db").exists()


def test_a_recorder_class_of_another_store_is_refused(tmp_path: Path) -> None:
    settings = environment(str(tmp_path), "text")
    settings["APPLICATION_RECORDER_TOPIC"] = get_topic(FollowedElsewhere)
    with LogFactory(settings) as factory:
        with pytest.raises(TypeError, match="LogApplicationRecorder"):
            factory.application_recorder()
        factory.close()


def test_events_of_the_library_are_part_of_the_chain(tmp_path: Path) -> None:
    factory = LogFactory(environment(str(tmp_path), "text"))
    recorder = factory.application_recorder()
    assert recorder.insert_events([StoredEvent("a", 1, "t.1", b"x"), StoredEvent("b", 1, "t.1", b"y")]) == [1, 2]
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent("c", 1, "t.1", b""), StoredEvent("b", 1, "t.1", b"")])
    with factory.database.readers.connection() as connection:
        chain = connection.execute("SELECT chain FROM events").fetchall()
        edits = connection.execute("SELECT first_position, stream, facts FROM edits").fetchall()
    assert len(set(chain)) == 2
    assert edits == [(1, "a", 1), (2, "b", 1)]
    factory.close()


def test_waiting_for_a_position_upstream_ends_with_its_commit(tmp_path: Path) -> None:
    factory = LogFactory(environment(str(tmp_path), "text"))
    recorder = factory.process_recorder()
    for record in (
        lambda: factory.tracking_recorder().insert_tracking(Tracking("upstream", 1)),
        lambda: recorder.insert_events([], tracking=Tracking("upstream", 2)),
    ):
        reached = (recorder.max_tracking_id("upstream") or 0) + 1
        threading.Timer(0.05, record).start()
        recorder.wait("upstream", reached, timeout=5)
    factory.close()


def test_what_comes_before_a_subscription_listens_is_not_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factory = LogFactory(environment(str(tmp_path), "text"))
    recorder, listen = factory.application_recorder(), factory.database.listen

    def listen_late(event: threading.Event) -> None:
        time.sleep(0.05)  # the subscription has looked by now, and found nothing
        recorder.insert_events([StoredEvent("a", 1, "t.1", b"")])
        listen(event)

    monkeypatch.setattr(factory.database, "listen", listen_late)
    with recorder.subscribe() as subscription:
        too_late = threading.Timer(5, subscription.stop)
        too_late.start()
        assert next(subscription).originator_id == "a"
        too_late.cancel()
    factory.close()


def test_an_unknown_extra_is_refused(tmp_path: Path) -> None:
    factory = LogFactory(environment(str(tmp_path), "text"))
    for recorder in (factory.application_recorder(), factory.aggregate_recorder("snapshots")):
        with pytest.raises(TypeError):
            recorder.insert_events([StoredEvent("a", 1, "t.1", b"")], trackng=None)
    factory.close()
