"""One thread that writes: it takes the jobs that wait, a group at a time, in the order they were submitted."""

import contextlib
import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, Generic, TypeVar

from domain.errors import Refused

_J = TypeVar("_J", bound="Job")
GROUP_LIMIT = 256  # jobs in one transaction: bounds how long the first waits for the last


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
                self._settle(wanted)

    def _take(self) -> tuple[list[_J], bool]:
        """The next jobs that are waiting, at least one, and whether to go on after them."""
        group: list[_J] = []
        with contextlib.suppress(queue.Empty):
            while len(group) < GROUP_LIMIT:
                job = self._jobs.get(block=not group)
                if job is None:
                    return group, False
                group.append(job)
        return group, True
