"""The stores that run the log's contract suite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.eventstore.port import EventLog
from adapters.eventstore.postgres.log import PostgresLog
from adapters.eventstore.sqlite import SqliteLog


@pytest.fixture(params=["sqlite", "postgres"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    """An empty log, in each store."""
    if request.param == "sqlite":
        log: EventLog = SqliteLog(tmp_path / "log.db")
    else:
        log = PostgresLog(request.getfixturevalue("postgres").database())
    yield log
    log.close()
