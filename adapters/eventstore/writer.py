"""The thread that writes to the file: many jobs to a commit, none answered before its commit is on disk."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import apsw
import structlog

from adapters.eventstore.append import head
from adapters.eventstore.connection import BUSY_MS, write_anew
from adapters.eventstore.jobs import Failure, Job, JobThread
from adapters.eventstore.refusals import is_full, refusal
from domain.errors import Refused

_T = TypeVar("_T")
_DISK_FAILED = "The disk under the log failed: look at it, then start the server again"
_log = structlog.get_logger(__name__)


class Writer(JobThread[Job]):
    """Does jobs in the order they were submitted, each in a savepoint of its own, a group of them to a transaction.

    A commit that failed may still lie in the write-ahead log and would count after a crash. So after a failure nothing
    is written before a checkpoint has brought what was committed into the main file and emptied the write-ahead log.

    Where the disk failed and was not merely full, nothing is written any more: after a failed fsync the kernel may have
    dropped what it held, and a later one that succeeds proves nothing. Reads go on. The next process begins with such a
    checkpoint too, which writes anew whatever is only in the kernel's memory, before it adds to it. Where somebody
    reads an older state, the write-ahead log can't be emptied, and is itself written anew.
    """

    def __init__(self, connect: Callable[[], apsw.Connection], committed: Callable[[int], None]) -> None:
        """``connect`` opens the writing connection; ``committed`` is called in the writer thread with the log's last
        position after every commit that moved it, once the jobs of that commit are answered."""
        super().__init__()
        self._connection = connect()
        self._committed = committed
        self._position = head(self._connection).position
        self._make_sure()
        self._mended = True
        self._stopped = False
        self._begin()

    @property
    def position(self) -> int:
        """The last committed position."""
        return self._position

    def submit(self, work: Callable[[apsw.Connection], _T]) -> "Future[_T]":
        """Queue some work; the future has its result once that is on disk. Cheap: nothing is written here."""
        return self._queue(Job(work))

    def close(self) -> None:
        """Do what is queued, then stop."""
        super().close()
        self._connection.close(True)

    def _settle(self, group: list[Job], *, again: bool = True) -> None:
        """Commit the group and answer its jobs."""
        if self._stopped:
            _refuse(group, Refused("log_unavailable", _DISK_FAILED))
            return
        try:
            outcomes, position = self._commit(group)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, every job must get an answer
            self._settle_failed(group, error, again=again)
            return
        moved, self._position = position != self._position, position
        for job, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, Failure):
                job.future.set_exception(outcome.reason)
            else:
                job.future.set_result(outcome)
        if moved:
            self._committed(position)

    def _settle_failed(self, group: list[Job], error: Exception, *, again: bool) -> None:
        """Nothing of the group was committed. Once mended, each job gets one more chance, alone: one edit too large for
        the disk must not take the others with it, and mending may have made room. On a disk that failed none does."""
        full = isinstance(error, apsw.Error) and is_full(error, self._connection.system_errno)
        self._stopped = isinstance(error, apsw.IOError) and not full
        self._mended = not self._stopped and self._mend()
        told = {"full": full, "jobs": len(group), "mended": self._mended, "stopped": self._stopped}
        _log.error("log_write_failed", reason=str(error), **told)
        if self._stopped:
            _refuse(group, Refused("outcome_unknown", f"{_DISK_FAILED} ({error})"))
        elif self._mended and again:
            for job in group:
                self._settle([job], again=False)
        else:
            _refuse(group, refusal(error, full=full) if isinstance(error, apsw.Error) else error)

    def _commit(self, group: list[Job]) -> tuple[list[Any], int]:
        connection = self._connection
        if not self._mended:
            self._checkpoint()
            self._mended = True
        connection.execute("BEGIN IMMEDIATE")
        outcomes = [_attempt(connection, job) for job in group]
        position = head(connection).position
        connection.execute("COMMIT")
        return outcomes, position

    def _mend(self) -> bool:
        """Leave a failed transaction and what it may have left behind; False when that has to be tried again."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._checkpoint()
        except (apsw.Error, Refused) as error:
            _log.error("log_checkpoint_failed", reason=str(error))
            return False
        return True

    def _make_sure(self) -> None:
        """Bring what the process before this one left to the disk for certain."""
        self._connection.set_busy_timeout(0)
        try:
            self._checkpoint()
        except apsw.BusyError:
            write_anew(self._connection.filename_wal)
        finally:
            self._connection.set_busy_timeout(BUSY_MS)

    def _checkpoint(self) -> None:
        """Bring everything committed into the main file, synced, and empty the write-ahead log."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        found = head(self._connection).position
        if found != self._position:
            raise Refused("log_corrupt", f"Position {self._position} was committed; the log now ends at {found}")


def _attempt(connection: apsw.Connection, job: Job) -> Any:
    """Do one job in a savepoint. A refusal undoes that job alone; a lost transaction goes to the caller."""
    connection.execute("SAVEPOINT job")
    try:
        outcome = job.work(connection)
    except Exception as error:
        lost = not connection.in_transaction
        if lost or (isinstance(error, apsw.Error) and not isinstance(error, apsw.ConstraintError)):
            raise
        connection.execute("ROLLBACK TO job")
        outcome = Failure(error)
    connection.execute("RELEASE job")
    return outcome


def _refuse(group: list[Job], reason: Exception) -> None:
    for job in group:
        job.future.set_exception(reason)
