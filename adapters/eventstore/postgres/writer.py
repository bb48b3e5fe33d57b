"""The thread that writes for this process: many jobs to a transaction, under the library's lock, none answered before
its commit is durable."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import psycopg
import structlog
from eventsourcing.postgres import PostgresApplicationRecorder

from adapters.eventstore.append import head
from adapters.eventstore.jobs import Failure, Job, JobThread
from adapters.eventstore.postgres.connection import Datastore, PostgresSession
from adapters.eventstore.postgres.refusals import is_lost, refusal
from domain.errors import Refused

PATIENCE_SECONDS = 15.0  # how long jobs wait for a server that has gone
RETRY_SECONDS = 0.2

_T = TypeVar("_T")
Work = Callable[[PostgresSession], _T]
_log = structlog.get_logger(__name__)


class PostgresJob(Job):
    """A job, and how to find out whether it was done: ``done`` gives its outcome, or None where it was not.

    ``unsure``: its commit was sent, and the connection was lost before the answer.
    """

    def __init__(self, work: Work[Any], done: Work[Any] | None) -> None:
        super().__init__(work)
        self.done = done
        self.unsure = False


class PostgresWriter(JobThread[PostgresJob]):
    """Does jobs in the order they were submitted, each in a savepoint of its own, a group of them to a transaction.

    The lock makes processes take turns: positions are assigned, versions checked and keys looked up with nobody else at
    it. It is held by a transaction whose commit is still under way, too. So when a connection was lost in mid-commit,
    the next transaction begins when that commit has ended one way or the other, and sees which.
    """

    def __init__(
        self, datastore: Datastore, recorder: PostgresApplicationRecorder, committed: Callable[[int], None]
    ) -> None:
        """``recorder`` is whose lock and channel are used; ``committed`` is called in the writer thread with the log's
        last position after every commit, before its jobs are answered."""
        super().__init__()
        self._datastore = datastore
        self._recorder = recorder
        self._committed = committed
        self._begin()

    def submit(self, work: Work[_T], done: Work[_T | None] | None = None) -> "Future[_T]":
        """Queue some work; the future has its result once that is durable. Cheap: nothing is written here."""
        return self._queue(PostgresJob(work, done))

    def _settle(self, group: list[PostgresJob]) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                outcomes, position = self._commit(group)
            except Exception as error:  # noqa: BLE001 - whatever went wrong, every job must get an answer
                if not is_lost(error):
                    return self._settle_failed(group, error)
                _log.warning("log_connection_lost", reason=type(error).__name__, jobs=len(group))
                if self._closed or time.monotonic() > until:
                    return _fail(group, error)
                time.sleep(RETRY_SECONDS)
            else:
                self._committed(position)
                return _answer(group, outcomes)

    def _settle_failed(self, group: list[PostgresJob], error: Exception) -> None:
        """Nothing of the group was committed. Each job gets one more chance, alone: one that is too large for the disk
        must not take the others with it."""
        _log.error("log_write_failed", reason=str(error), jobs=len(group))
        if len(group) == 1:
            return _fail(group, error)
        for job in group:
            self._settle([job])
        return None

    def _commit(self, group: list[PostgresJob]) -> tuple[list[Any], int]:
        with self._datastore.pool.connection() as connection:
            session = PostgresSession(connection)
            session.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
            self._recorder._lock_table(session.cursor())
            before = head(session).position
            outcomes = [_attempt(session, job) for job in group]
            position = head(session).position
            if position != before:
                session.execute("UPDATE log SET reached = ?", (position,))
                self._recorder._notify_channel(session.cursor())
            for job in group:
                job.unsure = True
            ended = session.execute("COMMIT").statusmessage
        for job in group:
            job.unsure = False
        if ended != "COMMIT":
            raise Refused("log_unavailable", f"PostgreSQL answered the commit with {ended}")
        return outcomes, position


def _attempt(session: PostgresSession, job: PostgresJob) -> Any:
    """Do one job in a savepoint. A refusal undoes that job alone; a lost transaction goes to the caller."""
    session.execute("SAVEPOINT job")
    try:
        outcome = _resumed(session, job) if job.unsure else job.work(session)
    except (psycopg.OperationalError, psycopg.InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - it goes to whoever submitted the job
        session.execute("ROLLBACK TO SAVEPOINT job")
        outcome = Failure(refusal(error) if isinstance(error, psycopg.Error) else error)
    session.execute("RELEASE SAVEPOINT job")
    return outcome


def _resumed(session: PostgresSession, job: PostgresJob) -> Any:
    """What a job came to whose commit was never answered: its outcome, or that of doing it now."""
    if job.done is None:
        raise _unknown()
    outcome = job.done(session)
    return job.work(session) if outcome is None else outcome


def _answer(group: list[PostgresJob], outcomes: list[Any]) -> None:
    for job, outcome in zip(group, outcomes, strict=True):
        if isinstance(outcome, Failure):
            job.future.set_exception(outcome.reason)
        else:
            job.future.set_result(outcome)


def _fail(group: list[PostgresJob], error: Exception) -> None:
    for job in group:
        told = refusal(error) if isinstance(error, psycopg.Error) else error
        job.future.set_exception(_unknown() if job.unsure else told)


def _unknown() -> Refused:
    return Refused("outcome_unknown", "The connection to PostgreSQL was lost while the edit was being committed")
