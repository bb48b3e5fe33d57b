"""What SQLite says when it can't, as a refusal: the one translation of this border."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import apsw
import structlog

from domain.errors import Refused

_log = structlog.get_logger("eventstore")
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SYNCS = {apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_DIR_FSYNC}


def is_full(error: apsw.Error, system_errno: int) -> bool:
    """Whether a failed write failed for want of room. ``system_errno`` is the connection's, read right after.

    A failed fsync is never that: whatever its reason, nobody knows what reached the disk.
    """
    if isinstance(error, apsw.IOError):
        return system_errno in _NO_SPACE and getattr(error, "extendedresult", 0) not in _SYNCS
    return isinstance(error, apsw.FullError)


def refusal(error: apsw.Error, *, full: bool = False) -> Refused:
    """The refusal that an SQLite error means. SQLite's own words are for the server's log."""
    _log.warning("log_refused", reason=str(error), error=type(error).__name__)
    if full or isinstance(error, apsw.FullError):
        return Refused("storage_full", "There is no room left for the log; nothing was kept of the edit")
    if isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        return Refused("log_corrupt", "The log file is damaged")
    return Refused("log_unavailable", f"The log's file could not be used ({type(error).__name__})")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn SQLite's errors into refusals."""
    try:
        yield
    except apsw.Error as error:
        raise refusal(error) from error
    except UnicodeDecodeError as error:
        raise Refused("log_corrupt", "The log file is damaged: a text in it is no UTF-8") from error
