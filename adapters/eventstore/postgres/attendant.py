"""The thread that listens to other processes: where the log has grown to, and whether this process may lead."""

import contextlib
import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import psycopg
import structlog
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from adapters.eventstore.postgres.connection import Datastore

POLL_SECONDS = 0.5  # a notification that got lost is made up for after that
WAIT_SECONDS = 0.1  # how long a wait may hold up the end
_LEADING = 0x4C454144  # the advisory lock of the process that leads: "LEAD"
_log = structlog.get_logger(__name__)


class Attendant:
    """One connection of its own, opened again whenever it is lost."""

    def __init__(self, datastore: Datastore, channel: str, grew: Callable[[int], None]) -> None:
        """``grew`` is called with the log's last position at every look."""
        self._datastore = datastore
        self._listen = SQL("LISTEN {0}").format(Identifier(channel))
        self._grew = grew
        self._closed = False
        self._thread: Thread | None = None
        self.leads = False

    def start(self) -> None:
        """Begin to listen; when this returns, whether this process leads has been looked at once."""
        connection = self._opened()
        self._look(connection)
        self._thread = Thread(target=self._run, args=(connection,), name="log-attendant", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and let another process lead."""
        self._closed = True
        if self._thread is not None:
            self._thread.join()

    def _opened(self) -> Connection[Any]:
        connection = self._datastore.connect()
        connection.execute(self._listen)
        return connection

    def _run(self, connection: Connection[Any] | None) -> None:
        while not self._closed:
            try:
                connection = connection or self._opened()
                self._look(connection)
                self._wait(connection)
            except psycopg.Error as error:
                self.leads = False  # the lock went with the connection
                _log.warning("log_listener_lost", reason=type(error).__name__)
                _close(connection)
                connection = None
                time.sleep(POLL_SECONDS)
        self.leads = False
        _close(connection)

    def _wait(self, connection: Connection[Any]) -> None:
        """Until somebody tells of a commit, or it is time to look anyway."""
        until = time.monotonic() + POLL_SECONDS
        while not self._closed and time.monotonic() < until:
            if any(True for _ in connection.notifies(timeout=WAIT_SECONDS, stop_after=1)):
                return

    def _look(self, connection: Connection[Any]) -> None:
        if not self.leads:
            self.leads = connection.execute("SELECT pg_try_advisory_lock(%s)", (_LEADING,)).fetchone() == (True,)
        found = connection.execute("SELECT coalesce(max(position), 0) FROM events").fetchone()
        if found is not None:
            self._grew(int(found[0]))


def _close(connection: Connection[Any] | None) -> None:
    if connection is not None:
        with contextlib.suppress(psycopg.Error):
            connection.close()
