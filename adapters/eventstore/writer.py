"""The one thread that writes: queued jobs, many to a commit, none answered before its commit is on disk."""

import contextlib
import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

import apsw
import structlog

from adapters.eventstore.append import head
from adapters.eventstore.refusals import is_full, refusal
from domain.errors import Refused

GROUP_LIMIT = 256  # jobs in one transaction: bounds how long the first waits for the last

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)


class _Job:
    """Work to do in a transaction, and where its outcome goes. The work may be done again, so it only writes rows."""

    def __init__(self, work: Callable[[apsw.Connection], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class _Failure:
    """The work of one job was refused; the others of its group stand."""

    def __init__(self, reason: Exception) -> None:
        self.reason = reason


class Writer:
    """Does jobs in the order they were submitted, each in a savepoint of its own, a group of them to a transaction.

    A commit that failed may still lie in the write-ahead log and would count after a crash. So after a failure nothing
    is written before a checkpoint has brought what was committed into the main file and emptied the write-ahead log.

    Where the disk failed and was not merely full, nothing is written any more: after a failed fsync the kernel may have
    dropped what it held, and a later one that succeeds proves nothing. Reads go on; the next process starts from what
    the file holds.
    """

    def __init__(self, connect: Callable[[], apsw.Connection], committed: Callable[[int], None]) -> None:
        """``connect`` opens the writing connection; ``committed`` is called in the writer thread with the log's last
        position after every commit that moved it, once the jobs of that commit are answered."""
        self._connection = connect()
        self._committed = committed
        self._position = head(self._connection).position
        self._mended = True
        self._stopped = False
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._thread = Thread(target=self._run, name="log-writer", daemon=True)
        self._thread.start()

    @property
    def position(self) -> int:
        """The last committed position."""
        return self._position

    def submit(self, work: Callable[[apsw.Connection], _T]) -> "Future[_T]":
        """Queue some work; the future has its result once that is on disk. Cheap: nothing is written here."""
        job = _Job(work)
        with self._closing:
            if self._closed:
                job.future.set_exception(Refused("log_unavailable", "The log is closed"))
            else:
                self._jobs.put(job)
        return job.future

    def close(self) -> None:
        """Do what is queued, then stop."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            self._jobs.put(None)
        self._thread.join()
        self._connection.close(True)

    def _run(self) -> None:
        going = True
        while going:
            group, going = self._take()
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            if wanted:
                self._settle(wanted)

    def _take(self) -> tuple[list[_Job], bool]:
        """The next jobs that are waiting, at least one, and whether to go on after them."""
        group: list[_Job] = []
        with contextlib.suppress(queue.Empty):
            while len(group) < GROUP_LIMIT:
                job = self._jobs.get(block=not group)
                if job is None:
                    return group, False
                group.append(job)
        return group, True

    def _settle(self, group: list[_Job], *, again: bool = True) -> None:
        """Commit the group and answer its jobs."""
        if self._stopped:
            _refuse(group, _disk_failed("nothing was kept of the edit"))
            return
        try:
            outcomes, position = self._commit(group)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, every job must get an answer
            self._settle_failed(group, error, again=again)
            return
        moved, self._position = position != self._position, position
        for job, outcome in zip(group, outcomes, strict=True):
            if isinstance(outcome, _Failure):
                job.future.set_exception(outcome.reason)
            else:
                job.future.set_result(outcome)
        if moved:
            self._committed(position)

    def _settle_failed(self, group: list[_Job], error: Exception, *, again: bool) -> None:
        """Nothing of the group was committed. Once mended, each job gets one more chance, alone: one edit too large for
        the disk must not take the others with it, and mending may have made room. On a disk that failed none does."""
        full = isinstance(error, apsw.Error) and is_full(error, self._connection.system_errno)
        self._stopped = isinstance(error, apsw.IOError) and not full
        self._mended = self._mend()
        _log.error(
            "log_write_failed",
            reason=str(error),
            full=full,
            jobs=len(group),
            mended=self._mended,
            stopped=self._stopped,
        )
        if self._stopped:
            kept = "nothing was kept of the edit" if self._mended else "the edit may be there after a restart"
            _refuse(group, _disk_failed(f"{kept} ({error})"))
        elif self._mended and again:
            for job in group:
                self._settle([job], again=False)
        else:
            _refuse(group, refusal(error, full=full) if isinstance(error, apsw.Error) else error)

    def _commit(self, group: list[_Job]) -> tuple[list[Any], int]:
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

    def _checkpoint(self) -> None:
        """Bring everything committed into the main file, synced, and empty the write-ahead log."""
        self._connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        found = head(self._connection).position
        if found != self._position:
            raise Refused("log_corrupt", f"Position {self._position} was committed; the log now ends at {found}")


def _attempt(connection: apsw.Connection, job: _Job) -> Any:
    """Do one job in a savepoint. A refusal undoes that job alone; a lost transaction goes to the caller."""
    connection.execute("SAVEPOINT job")
    try:
        outcome = job.work(connection)
    except Exception as error:
        lost = not connection.in_transaction
        if lost or (isinstance(error, apsw.Error) and not isinstance(error, apsw.ConstraintError)):
            raise
        connection.execute("ROLLBACK TO job")
        outcome = _Failure(error)
    connection.execute("RELEASE job")
    return outcome


def _refuse(group: list[_Job], reason: Exception) -> None:
    for job in group:
        job.future.set_exception(reason)


def _disk_failed(outcome: str) -> Refused:
    message = f"The disk under the log failed: {outcome}. Look at the disk, then start the server again"
    return Refused("log_unavailable", message)
