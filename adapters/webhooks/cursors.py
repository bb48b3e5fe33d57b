"""How far each webhook has come, in a file of its own. Without it some of it is sent again, so it may be lost."""

from pathlib import Path
from typing import Any

import apsw
import msgspec
import structlog

_log = structlog.get_logger("webhooks")
_SCHEMA = """CREATE TABLE IF NOT EXISTS cursors (webhook TEXT PRIMARY KEY, position INTEGER NOT NULL,
tries INTEGER NOT NULL, given_up INTEGER NOT NULL, fault TEXT) STRICT"""
_READ = "SELECT position, tries, given_up, fault FROM cursors WHERE webhook = ?"
_KEEP = "INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?)"


class Cursor(msgspec.Struct, frozen=True):
    """Everything up to ``position`` is settled; the event after it was tried ``tries`` times, lastly with ``fault``.
    ``given_up`` events in a row were, before."""

    position: int
    tries: int = 0
    given_up: int = 0
    fault: str | None = None


class Cursors:
    """The cursors of every webhook. For one thread."""

    def __init__(self, file: Path) -> None:
        """In this file; a damaged one is begun anew."""
        try:
            self._rows = _opened(file)
        except (apsw.CorruptError, apsw.NotADBError):
            for name in (file, *file.parent.glob(f"{file.name}-*")):
                name.unlink(missing_ok=True)
            self._rows = _opened(file)

    def read(self, webhook: str) -> Cursor | None:
        """How far it is; None where that is not known."""
        return next((Cursor(*row) for row in self._do(_READ, webhook)), None)

    def keep(self, webhook: str, cursor: Cursor) -> None:
        """It is this far."""
        self._do(_KEEP, webhook, cursor.position, cursor.tries, cursor.given_up, cursor.fault)

    def forget(self, webhook: str) -> None:
        """It is gone."""
        self._do("DELETE FROM cursors WHERE webhook = ?", webhook)

    def _do(self, sql: str, *values: object) -> list[Any]:
        """What can't be read or written now stops nothing: an older note stands, and more is sent twice after it."""
        try:
            return self._rows.execute(sql, values).fetchall()
        except apsw.Error as error:
            _log.warning("webhook_cursor_unusable", reason=str(error))
            return []

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()


def _opened(file: Path) -> apsw.Connection:
    rows = apsw.Connection(str(file))
    rows.execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    rows.execute(_SCHEMA)
    return rows
