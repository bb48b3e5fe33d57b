"""Which store a log is in: a file, or a PostgreSQL server where the settings name one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import apsw

from adapters.eventstore.connection import Durability
from adapters.eventstore.port import EventLog
from adapters.eventstore.reading import LogReader
from adapters.eventstore.reading import open_log as open_file
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused

if TYPE_CHECKING:
    from adapters.eventstore.postgres.reading import PostgresReader


def open_log(url: str | None, folder: Path, durability: Durability) -> EventLog:
    """The log to write to: ``folder/log.db``, or the database that ``url`` names. Made where it is not there yet."""
    if url is None:
        return SqliteLog(folder / "log.db", durability)
    with _extra():
        from adapters.eventstore.postgres.log import PostgresLog
    return PostgresLog(url, durability)


def open_to_read(url: str | None, folder: Path) -> "LogReader | PostgresReader":
    """The same log for reading, while others may be writing to it; refuses where there is none."""
    if url is None:
        return open_file(folder / "log.db")
    with _extra():
        from adapters.eventstore.postgres.reading import open_log as open_database
    return open_database(url)


def reachable(url: str | None) -> str:
    """What the store is, after its server, if it has one, has answered and is fit to hold a log."""
    if url is None:
        return f"SQLite {apsw.sqlite_lib_version()}, a file in STOAT_DATA_DIR"
    with _extra():
        from adapters.eventstore.postgres.connection import answering
    return f"PostgreSQL {answering(url)}"


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise Refused("extra_missing", f"STOAT_LOG names a PostgreSQL server, and {error.name} is missing") from None
