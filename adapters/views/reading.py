"""Read-only connections to the views' files, one to a thread at a time."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import structlog

from adapters.views.tables import standing
from domain.errors import Refused
from projections.projection import Projection

BUSY_MS = 5_000
_log = structlog.get_logger("views")


def view_path(directory: Path, projection: Projection) -> Path:
    """Where a projection's file is."""
    return directory / f"{projection.name}.db"


def open_reader(path: Path) -> apsw.Connection:
    """A connection that can't write. ``apsw.CantOpenError`` where there is no file."""
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.set_busy_timeout(BUSY_MS)
    return connection


class Reader:
    """One view's file, to ask. Any thread may."""

    def __init__(self, directory: Path, projection: Projection) -> None:
        """Connections are opened when they are first needed."""
        self._path = view_path(directory, projection)
        self._projection = projection
        self._idle: deque[tuple[int, apsw.Connection]] = deque()

    @contextmanager
    def moment(self) -> Iterator[tuple[apsw.Connection, int]]:
        """One state of the view, whatever is written meanwhile: a connection, and the log position that it shows.

        Refused with ``view_unavailable`` where the file is missing, damaged or made by other code: it is being built.
        """
        try:
            inode, connection = self._take()
            try:
                connection.execute("BEGIN")
                at = standing(connection)
                if at.version != self._projection.version:
                    raise self._refusal("it is being rebuilt for this version of the program")
                yield connection, at.position
                connection.execute("COMMIT")
            except BaseException:
                connection.close(True)
                raise
            self._idle.append((inode, connection))
        except (apsw.Error, FileNotFoundError) as error:
            _log.warning("view_unreadable", view=self._projection.name, reason=str(error))
            raise self._refusal(_reason(error)) from error

    def _take(self) -> tuple[int, apsw.Connection]:
        """An idle connection or a new one, to the file of that name: it may have been dropped and made again."""
        inode = self._path.stat().st_ino
        while self._idle:
            opened, connection = self._idle.pop()
            if opened == inode:
                return opened, connection
            connection.close(True)
        return inode, open_reader(self._path)

    def _refusal(self, reason: str) -> Refused:
        return Refused("view_unavailable", f"The view {self._projection.name} can't be read now: {reason}")


def _reason(error: Exception) -> str:
    """What is the matter, for whoever asked; SQLite's own words are for the server's log."""
    if isinstance(error, (FileNotFoundError, apsw.CantOpenError, apsw.SQLError)):
        return "it is being built"  # without its file, or without its tables yet
    if isinstance(error, (apsw.BusyError, apsw.LockedError)):
        return "it is busy"
    return "its file is damaged, or the disk is"
