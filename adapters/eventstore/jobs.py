"""One thread that writes: it takes the jobs that wait, a group at a time, in the order they were submitted."""

import queue
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

from domain.errors import Refused

_J = TypeVar("_J", bound="Job")
GROUP_LIMIT = 256  # jobs in one transaction: bounds how long the first waits for the last
PATIENCE = 0.5  # of the time that the last commit took, for as many jobs as it had
MOST_PATIENCE = 0.005  # seconds


class Job:
    """Work to do in a transaction, and where its outcome goes. The work may be done again, so it only writes rows."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class Failure:
    """The work of one job was refused; the others of its group stand."""

    def __init__(self, reason: Exception) -> None:
        self.reason = reason


class JobThread(Generic[_J]):
    """Takes jobs until it is closed. A store says how a group is committed, by ``_settle``."""

    def __init__(self) -> None:
        """Idle until ``_begin``."""
        self._jobs: queue.SimpleQueue[_J | None] = queue.SimpleQueue()
        self._closing = Lock()
        self._closed = False
        self._company, self._patience, self._patient_until = 0, 0.0, 0.0
        self._thread = Thread(target=self._run, name="log-writer", daemon=True)

    def close(self) -> None:
        """Do what is queued, then stop."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._jobs.put(None)
        self._thread.join()

    def _queue(self, job: _J) -> Future[Any]:
        with self._closing:
            if self._closed:
                job.future.set_exception(Refused("log_unavailable", "The log is closed"))
            else:
                self._jobs.put(job)
        return job.future

    def _begin(self) -> None:
        """Start to take jobs."""
        self._thread.start()

    def _settle(self, group: list[_J]) -> None:
        """Commit the group, and answer each of its jobs."""
        raise NotImplementedError

    def _run(self) -> None:
        going = True
        while going:
            group, going = self._take()
            wanted = [job for job in group if job.future.set_running_or_notify_cancel()]
            if wanted:
                began = time.monotonic()
                self._settle(wanted)
                self._company = len(wanted)
                self._patience = min(MOST_PATIENCE, PATIENCE * (time.monotonic() - began))

    def _take(self) -> tuple[list[_J], bool]:
        """The next jobs that are waiting, at least one, and whether to go on after them.

        Writers who were answered together come back together, but not at once: without waiting for the others the first
        of them would have a commit to itself, and they would wait for it. Whoever writes alone is never kept.
        """
        group: list[_J] = []
        while len(group) < GROUP_LIMIT:
            try:
                job = self._next(group)
            except queue.Empty:
                break
            if job is None:
                return group, False
            group.append(job)
        return group, True

    def _next(self, group: list[_J]) -> _J | None:
        """Another job for a group; raises ``Empty`` where it is not worth waiting for one."""
        if not group:
            job = self._jobs.get()
            self._patient_until = time.monotonic() + self._patience
            return job
        if len(group) < self._company and (left := self._patient_until - time.monotonic()) > 0:
            return self._jobs.get(timeout=left)
        return self._jobs.get_nowait()
