"""What PostgreSQL says when it can't, as a refusal: the one translation of this border."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from eventsourcing.persistence import PersistenceError
from psycopg import errors

from domain.errors import Refused

_DAMAGED = (errors.DataCorrupted, errors.IndexCorrupted, errors.InternalError_)
_FULL = (errors.DiskFull, errors.OutOfMemory)
_GOING = ("57P", "08", "53300")  # shutting down or starting up, connection trouble, too many connections


def is_lost(error: BaseException) -> bool:
    """Whether the server can't be asked now: its answer to what was sent, if there was one, is not known."""
    if not isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_GOING)


def refusal(error: psycopg.Error) -> Refused:
    """The refusal that an error of PostgreSQL's means. A message of the server's names no password."""
    if isinstance(error, _FULL):
        return Refused("storage_full", "There is no room left for the log; nothing was kept of the edit")
    if isinstance(error, _DAMAGED):
        return Refused("log_corrupt", f"The log's database is damaged: {_said(error)}")
    if isinstance(error, psycopg.DataError):
        return Refused("invalid_field", f"PostgreSQL can't keep a text of the request: {_said(error)}")
    if isinstance(error, errors.LockNotAvailable):
        return Refused("log_unavailable", "Another session has kept the log locked for too long")
    return Refused("log_unavailable", f"PostgreSQL can't be used: {_said(error)}")


@contextmanager
def refusing() -> Iterator[None]:
    """Turn PostgreSQL's errors into refusals."""
    try:
        yield
    except psycopg.Error as error:
        raise refusal(error) from None
    except PersistenceError as error:  # the library's pool has wrapped it
        cause = error.__cause__
        raise (refusal(cause) if isinstance(cause, psycopg.Error) else Refused("log_unavailable", "")) from None


def _said(error: psycopg.Error) -> str:
    """The first line of what was said."""
    return (error.diag.message_primary or str(error)).partition("\n")[0] or type(error).__name__
