"""One log file that this process owns: its writer, its readers, and the signal that something was committed."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from threading import Condition, Event
from typing import TypeVar

import apsw
import structlog

from adapters.eventstore import schema
from adapters.eventstore.connection import Durability, Readers, open_writer, sync_folder
from adapters.eventstore.ownership import Ownership
from adapters.eventstore.refusals import refusing
from adapters.eventstore.writer import Writer

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)


class LogDatabase:
    """What the recorders and the log stand on. Any thread may call any of it."""

    def __init__(self, path: Path, durability: Durability = "full") -> None:
        """Open the log, or make an empty one; refuses when another process writes to it."""
        self.path = path
        self._ownership = Ownership(path)
        try:
            with refusing():
                self._writer = Writer(lambda: _connect(path, durability), self._committed)
        except BaseException:
            self._ownership.release()
            raise
        self.readers = Readers(path)
        self._moved = Condition()
        self._callbacks: list[Callable[[int], None]] = []
        self._listeners: set[Event] = set()
        self._closed = False

    @property
    def position(self) -> int:
        """The last committed position, without asking the file."""
        return self._writer.position

    def write(self, work: Callable[[apsw.Connection], _T]) -> "Future[_T]":
        """Queue work for the writer thread; the future is resolved when the work is durable."""
        return self._writer.submit(work)

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after each commit that moved it, in the writer thread: be quick."""
        self._callbacks.append(callback)

    def listen(self, event: Event) -> None:
        """Set an event after each commit that moved the position."""
        self._listeners.add(event)

    def unlisten(self, event: Event) -> None:
        """No longer."""
        self._listeners.discard(event)

    def wait(self, position: int, timeout: float) -> bool:
        """Block until the log reaches a position; False when it did not in ``timeout`` seconds."""
        return self.wait_until(lambda: self.position >= position, timeout)

    def wait_until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Block until something holds, looking after each commit and each ``stir``."""
        deadline = time.monotonic() + timeout
        with self._moved:
            while not holds():
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._moved.wait(remaining):
                    return holds()
        return True

    def stir(self) -> None:
        """Let everyone who waits look again."""
        with self._moved:
            self._moved.notify_all()

    def close(self) -> None:
        """Finish what is queued, then give up the file."""
        if self._closed:
            return
        self._closed = True
        self.readers.close()
        self._writer.close()  # last, so that it leaves one file without a write-ahead log beside it
        self._ownership.release()

    def _committed(self, position: int) -> None:
        self.stir()
        for listener in tuple(self._listeners):
            listener.set()
        for callback in self._callbacks:
            try:
                callback(position)
            except Exception:  # noqa: BLE001 - a follower's defect must not stop the log
                _log.exception("commit_callback_failed", position=position)


def _connect(path: Path, durability: Durability) -> apsw.Connection:
    connection = open_writer(path, durability)
    schema.create(connection)
    sync_folder(path.parent)
    return connection
