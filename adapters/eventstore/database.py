"""One log file that this process owns: its writer, its readers, and the signal that something was committed."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import apsw

from adapters.eventstore import schema
from adapters.eventstore.connection import Durability, Readers, open_writer, sync_folder
from adapters.eventstore.growth import Growth
from adapters.eventstore.ownership import Ownership
from adapters.eventstore.refusals import refusing
from adapters.eventstore.writer import Writer

_T = TypeVar("_T")


class LogDatabase(Growth):
    """What the recorders and the log stand on. Any thread may call any of it."""

    def __init__(self, path: Path, durability: Durability = "full") -> None:
        """Open the log, or make an empty one; refuses when another process writes to it."""
        super().__init__()
        self.path = path
        self._ownership = Ownership(path)
        try:
            with refusing():
                self._writer = Writer(lambda: _connect(path, durability), self._committed)
        except BaseException:
            self._ownership.release()
            raise
        self.readers = Readers(path)
        self._closed = False

    @property
    def position(self) -> int:
        """The last committed position, without asking the file."""
        return self._writer.position

    def write(self, work: Callable[[apsw.Connection], _T]) -> "Future[_T]":
        """Queue work for the writer thread; the future is resolved when the work is durable."""
        return self._writer.submit(work)

    def close(self) -> None:
        """Finish what is queued, then give up the file."""
        if self._closed:
            return
        self._closed = True
        self.readers.close()
        self._writer.close()  # last, so that it leaves one file without a write-ahead log beside it
        self._ownership.release()


def _connect(path: Path, durability: Durability) -> apsw.Connection:
    connection = open_writer(path, durability)
    schema.create(connection)
    sync_folder(path.parent)
    return connection
