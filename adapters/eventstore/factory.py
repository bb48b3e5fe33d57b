"""What the eventsourcing library finds through ``PERSISTENCE_MODULE=adapters.eventstore``."""

from pathlib import Path
from typing import TypeVar
from uuid import UUID

from eventsourcing.persistence import AggregateRecorder, ApplicationRecorder, InfrastructureFactory, ProcessRecorder
from eventsourcing.utils import Environment, EnvType, resolve_topic

from adapters.eventstore.database import LogDatabase
from adapters.eventstore.recorders import LogAggregateRecorder, LogApplicationRecorder, OriginatorId
from adapters.eventstore.snapshot_recorder import LogSnapshotRecorder
from adapters.eventstore.tracking import LogProcessRecorder, LogTrackingRecorder

_R = TypeVar("_R")
_ORIGINATORS: dict[str, OriginatorId] = {"text": str, "uuid": UUID}


class LogFactory(InfrastructureFactory[LogTrackingRecorder]):
    """Recorders over one log file.

    Reads ``SQLITE_DBNAME`` (the file's path), ``ORIGINATOR_ID_TYPE`` (``text``, the default, or ``uuid``),
    ``DURABILITY`` (``full``, the default, or ``normal``) and the library's ``…_RECORDER_TOPIC``. The tables come with
    the file.
    """

    SQLITE_DBNAME = "SQLITE_DBNAME"
    ORIGINATOR_ID_TYPE = "ORIGINATOR_ID_TYPE"
    DURABILITY = "DURABILITY"

    def __init__(self, env: Environment | EnvType | None) -> None:
        """Open the log that the environment names; raises OSError where it is wrong."""
        super().__init__(env)
        name = self.env.get(self.SQLITE_DBNAME)
        if not name or ":memory:" in name:
            raise OSError(f"{self.SQLITE_DBNAME} must be the path of a log file")
        kind = self.env.get(self.ORIGINATOR_ID_TYPE, "text")
        if kind not in _ORIGINATORS:
            raise OSError(f"{self.ORIGINATOR_ID_TYPE} must be text or uuid, not {kind!r}")
        durability = self.env.get(self.DURABILITY, "full")
        if durability not in ("full", "normal"):
            raise OSError(f"{self.DURABILITY} must be full or normal, not {durability!r}")
        self._originator_id = _ORIGINATORS[kind]
        self.database = LogDatabase(Path(name.removeprefix("file:")), "full" if durability == "full" else "normal")

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        """For ``events`` or ``snapshots``."""
        if purpose not in ("events", "snapshots"):
            raise ValueError(f"the log keeps events and snapshots, not {purpose}")
        recorder = LogAggregateRecorder if purpose == "events" else LogSnapshotRecorder
        return recorder(self.database, self._originator_id)

    def application_recorder(self) -> ApplicationRecorder:
        """For facts by stream and by position."""
        return self._class(self.APPLICATION_RECORDER_TOPIC, LogApplicationRecorder)(self.database, self._originator_id)

    def tracking_recorder(
        self, tracking_recorder_class: type[LogTrackingRecorder] | None = None
    ) -> LogTrackingRecorder:
        """For positions of upstream applications."""
        chosen = tracking_recorder_class or self._class(self.TRACKING_RECORDER_TOPIC, LogTrackingRecorder)
        return chosen(self.database, self._originator_id)

    def process_recorder(self) -> ProcessRecorder:
        """For facts together with positions of upstream applications."""
        return self._class(self.PROCESS_RECORDER_TOPIC, LogProcessRecorder)(self.database, self._originator_id)

    def close(self) -> None:
        """Close the log."""
        self.database.close()

    def _class(self, variable: str, default: type[_R]) -> type[_R]:
        """The recorder class that the environment names, which must be one of ours or a subclass."""
        topic = self.env.get(variable)
        if not topic:
            return default
        chosen = resolve_topic(topic)
        if not (isinstance(chosen, type) and issubclass(chosen, default)):
            raise TypeError(f"{variable} must name a {default.__name__}")
        return chosen
