"""Connections to a log file: the pragmas that durability stands on, and a pool of readers."""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import apsw

from adapters.eventstore.refusals import refusing
from domain.errors import Refused

Durability = Literal["full", "normal"]

BUSY_MS = 5_000
WAL_KEPT_BYTES = 64 * 1024 * 1024
_PIECE = 1 << 16  # bytes; SQLite takes less than 128 KiB at once
OLDEST_SQLITE = (3, 51, 3)  # before it, two connections that checkpoint at once can corrupt a WAL file


def check_sqlite(version: str) -> None:
    """Refuse an SQLite that can corrupt a log."""
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise Refused("log_unavailable", f"SQLite {version} can corrupt a log in WAL mode; {oldest} or newer is needed")


def open_writer(path: Path, durability: Durability) -> apsw.Connection:
    """The one connection that writes. ``full``: a commit ends with its fsync; ``normal``: a power cut may lose some."""
    check_sqlite(apsw.sqlite_lib_version())
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE)
    connection.set_busy_timeout(BUSY_MS)
    if connection.pragma("journal_mode", "wal") != "wal":
        raise Refused("log_unavailable", "The file system of DATA_DIR can't hold a write-ahead log")
    connection.pragma("synchronous", {"full": "FULL", "normal": "NORMAL"}[durability])
    connection.pragma("journal_size_limit", WAL_KEPT_BYTES)
    connection.pragma("recursive_triggers", True)  # makes REPLACE fire the DELETE triggers
    _harden(connection)
    return connection


def open_reader(path: Path) -> apsw.Connection:
    """A connection that can't write, for a log that this or another process is writing."""
    check_sqlite(apsw.sqlite_lib_version())
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(BUSY_MS)
    _harden(connection)
    return connection


def _harden(connection: apsw.Connection) -> None:
    """Nothing that the file says is trusted: no functions from its schema, damaged cells are noticed."""
    connection.pragma("trusted_schema", False)
    connection.pragma("cell_size_check", True)
    connection.pragma("mmap_size", 0)  # an I/O error through mmap is a signal, not an error code


def write_anew(path: str) -> None:
    """Write the bytes of one of SQLite's files over themselves, and sync it. For those who read it nothing changes."""
    file = apsw.VFSFile("", path, [apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_READWRITE, 0])
    try:
        for offset in range(0, size := file.xFileSize(), _PIECE):
            file.xWrite(file.xRead(min(_PIECE, size - offset), offset), offset)
        file.xSync(apsw.SQLITE_SYNC_FULL)
    finally:
        file.xClose()


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Readers:
    """Read-only connections to one file, one to a thread at a time. Any thread may use them."""

    def __init__(self, path: Path) -> None:
        """Connections are opened when they are first needed; the file must exist by then."""
        self.path = path
        self._idle: deque[apsw.Connection] = deque()
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[apsw.Connection]:
        """A connection to oneself. SQLite's errors come out as refusals."""
        with refusing():
            if self._closed:
                raise Refused("log_unavailable", "The log is closed")
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = open_reader(self.path)
            try:
                yield connection
            except BaseException:
                connection.close(True)
                raise
            if self._closed:
                connection.close(True)
            else:
                self._idle.append(connection)

    def close(self) -> None:
        """Close the idle connections now and the others when they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close(True)
