"""Work that goes on after its request was answered and that no log needs to remember: scans of the library.

A scan that a restart broke off is simply asked for again: what it had found is in the log.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import structlog
import uuid_utils

from adapters.app.asking import Answered, Asked, encoded
from adapters.app.closing import Closing
from adapters.app.keys import Keys
from domain.errors import RULES, Refused

KEPT = 1_000

Status = Literal["queued", "running", "completed", "failed", "cancelled"]
_log = structlog.get_logger("jobs")


class JobFault(msgspec.Struct, frozen=True):
    """Why a job failed."""

    code: str
    title: str
    detail: str
    suggestion: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job as people see it. ``progress`` is from 0 to 1; ``result`` is there once it is completed."""

    job_id: str
    kind: str
    status: Status
    progress: float
    eta_seconds: float | None
    result: dict[str, Any] | None
    error: JobFault | None
    created_at: str
    started_at: str | None
    completed_at: str | None


class Started(msgspec.Struct, frozen=True):
    """A job has begun."""

    job_id: str


@dataclass
class Work:
    """What the work itself sees: it tells its progress, from 0 to 1."""

    progress: float = 0.0


@dataclass
class _Kept:
    name: str
    kind: str
    created_at: str
    work: Work = field(default_factory=Work)
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    status: Status = "running"
    result: dict[str, Any] | None = None
    error: JobFault | None = None
    completed_at: str | None = None
    task: "asyncio.Task[None] | None" = None


class Jobs:
    """The jobs of this process, newest last."""

    def __init__(self, keys: Keys, closing: Closing) -> None:
        """None yet."""
        self._keys = keys
        self._closing = closing
        self._jobs: OrderedDict[str, _Kept] = OrderedDict()

    def start(self, name: str, kind: str, act: Callable[[Work], Awaitable[dict[str, Any]]]) -> None:
        """Begin, under a name that no job has."""
        job = self._jobs[name] = _Kept(name, kind, _now())
        ended = [old for old, kept in self._jobs.items() if kept.ended.is_set()]
        for old in ended[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[old]
        job.task = asyncio.create_task(_run(job, act))

    def knows(self, name: str) -> bool:
        """Whether that is one of these."""
        return name in self._jobs

    async def see(self, name: str, wait_s: float) -> Job:
        """The job once it has ended, or as it is after ``wait_s`` seconds."""
        kept = self._find(name)
        if wait_s:
            await self._closing.until(kept.ended.wait(), wait_s)
        return _shown(kept)

    async def cancel(self, name: str, asked: Asked) -> Answered:
        """Stop the work. What it has done stays done."""

        async def stopped() -> Answered:
            kept = self._find(name)
            if kept.ended.is_set():
                raise Refused("job_finished", f"The job is {kept.status} already", ids=[name])
            if kept.task:
                kept.task.cancel()
            return await self._keys.keep(asked, Answered(202, encoded(_shown(kept))))

        return await self._keys.once(asked, stopped)

    async def stop(self) -> None:
        """End what is under way."""
        tasks = [kept.task for kept in self._jobs.values() if kept.task and not kept.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _find(self, name: str) -> _Kept:
        if name not in self._jobs:
            raise Refused("unknown_job", "There is no such job", ids=[name[:64]])
        return self._jobs[name]


def new_job() -> str:
    """A name that no job has."""
    return f"job_{uuid_utils.uuid7().hex}"


async def _run(job: _Kept, act: Callable[[Work], Awaitable[dict[str, Any]]]) -> None:
    with structlog.contextvars.bound_contextvars(job_id=job.name):
        try:
            job.result = await act(job.work)
            job.status = "completed"
        except Refused as refused:
            job.status, job.error = "failed", _fault(refused.code, refused.message)
        except asyncio.CancelledError:
            job.status = "cancelled"
        except Exception:  # noqa: BLE001  # a defect ends the job, not the server
            _log.exception("job_broken", kind=job.kind)
            job.status, job.error = "failed", _fault("internal_error", "The job ran into a defect")
        job.completed_at = _now()
        job.ended.set()
        _log.info("job_ended", kind=job.kind, status=job.status)


def _fault(code: str, detail: str) -> JobFault:
    rule = RULES[code]
    return JobFault(code, rule.title, detail, rule.suggestion)


def _shown(kept: _Kept) -> Job:
    return Job(
        job_id=kept.name,
        kind=kept.kind,
        status=kept.status,
        progress=1.0 if kept.status == "completed" else round(kept.work.progress, 4),
        eta_seconds=None,
        result=kept.result,
        error=kept.error,
        created_at=kept.created_at,
        started_at=kept.created_at,
        completed_at=kept.completed_at,
    )


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
