"""What SQLite says when it can't, as a refusal: the one translation of this border."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from domain.errors import Refused

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: apsw.Error, system_errno: int) -> bool:
    """Whether a failed write failed for want of room. ``system_errno`` is the connection's, read right after."""
    return isinstance(error, apsw.FullError) or (isinstance(error, apsw.IOError) and system_errno in _NO_SPACE)


def refusal(error: apsw.Error, *, full: bool = False) -> Refused:
    """The refusal that an SQLite error means."""
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
