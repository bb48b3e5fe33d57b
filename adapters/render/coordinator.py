"""The render coordinator: a process manager led by the log. What it knows by heart can be lost at any time."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from functools import partial
from typing import Any

import structlog

from adapters.broker.port import Broker
from adapters.eventstore.edits import Answer, Provenance
from adapters.eventstore.port import EventLog
from adapters.ffmpeg.locate import Tools
from adapters.media.outputs import OutputRoots
from adapters.render.delivery import Delivery
from adapters.render.docket import Docket
from adapters.render.ledger import Ledger, open_jobs
from adapters.render.production import Planner, Production, Studio
from adapters.render.segments import SegmentStore
from adapters.render.status import Job, describe
from adapters.tasks import end
from domain.errors import Refused
from domain.render import decide
from domain.render.events import RenderRequested
from domain.render.messages import Outcome, Progress
from domain.render.progress import done

_HEAR_S = 5
_RETRY_S = 1
_LOOK_S = 0.5
_log = structlog.get_logger(__name__)


class Coordinator:
    """Renders, from the request to the film.

    Where several processes share a log, one of them leads and makes the films. The others note requests and
    cancellations in the log, from where the leader takes them up; when it has gone, the next one goes on with what is
    open. A leader that lost the lead lets go. Should two be at work for a moment, the log takes each fact once.
    """

    def __init__(
        self,
        log: EventLog,
        broker: Broker,
        store: SegmentStore,
        outputs: OutputRoots,
        tools: Tools,
        planner: Planner,
        *,
        open_limit: int = 100,
        at_once: int = 2,
        timeout_factor: int = 60,
        watch_s: float = 5,
    ) -> None:
        """At most ``open_limit`` renders may be unfinished, of which ``at_once`` have their units with the executors.

        A unit may take ``timeout_factor`` times its own length. Every ``watch_s`` seconds it looks for what the broker
        has lost.
        """
        self._log = log
        self._broker = broker
        self._outputs = outputs
        self._studio = Studio(broker, store, outputs, tools, planner, asyncio.Semaphore(at_once), timeout_factor)
        self._open_limit = open_limit
        self._watch_s = watch_s
        self._epoch = ""
        self._productions: dict[str, Production] = {}
        self._asked: list[str] = []  # jobs on their way into the log
        self._docket: Docket | None = None  # of a log that others write to as well
        self._led = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_work: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Listen to the executors, and go on with what the log says is open."""
        await self._broker.on_progress(self._hear_progress)
        if self._log.shared:
            self._docket = await asyncio.to_thread(Docket, self._log)
            self._spawn(self._forever(self._oversee))
        else:
            self._take_up(await asyncio.to_thread(open_jobs, self._log))
        self._spawn(self._forever(self._listen))
        self._spawn(self._forever(self._watch))

    async def stop(self) -> None:
        """Stop working. What is open stays open in the log."""
        await end(self._tasks)

    async def request(self, wanted: RenderRequested, provenance: Provenance, answer: Answer | None = None) -> Job:
        """Start a render, and keep the answer with it. Asked twice for the same job, it is one job.

        Refused as the planner refuses, and with output_exists, path_not_allowed, queue_full or what the log refuses;
        AlreadyAnswered passes through. The caller's going away does not stop it halfway.
        """
        return await asyncio.shield(asyncio.create_task(self._request(wanted, provenance, answer)))

    async def cancel(self, job: str, provenance: Provenance) -> Job:
        """End a render; unknown_job and job_finished are refused, twice is once."""
        ledger = self._ledger(job)
        await asyncio.shield(asyncio.create_task(ledger.request(decide.cancel, provenance)))
        return self.status(job)

    def status(self, job: str) -> Job:
        """The render as it is now, refused with unknown_job."""
        production = self._productions.get(job)
        ledger = production.ledger if production else self._ledger(job)
        if production:
            return describe(ledger.state, ledger.records, *production.measured())
        return describe(ledger.state, ledger.records, done(ledger.state, {}), None)

    async def wait(self, job: str, timeout_s: float) -> Job:
        """The render once it has ended, or as it is after ``timeout_s`` seconds."""
        if production := self._productions.get(job):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(production.ledger.ended.wait(), timeout_s)
        elif self._docket:
            await self._elsewhere(job, self._docket, timeout_s)
        return self.status(job)

    def unfinished(self) -> int:
        """How many renders have been requested and have not ended."""
        if self._docket:
            return len(self._docket.jobs)
        return sum(not production.ledger.ended.is_set() for production in self._productions.values())

    def under_way(self) -> int:
        """How many units are being made now, by what executors tell twice a second."""
        return sum(production.under_way() for production in self._productions.values())

    async def _request(self, wanted: RenderRequested, provenance: Provenance, answer: Answer | None) -> Job:
        unfinished = self._productions.keys() | set(self._asked) | (self._docket.jobs.keys() if self._docket else set())
        if wanted.job not in unfinished and len(unfinished) >= self._open_limit:
            raise Refused("queue_full", f"{self._open_limit} renders are unfinished already")
        self._asked.append(wanted.job)
        try:
            return await self._accept(wanted, provenance, answer)
        finally:
            self._asked.remove(wanted.job)

    async def _accept(self, wanted: RenderRequested, provenance: Provenance, answer: Answer | None) -> Job:
        ledger = Ledger(self._log, wanted.job)
        if ledger.state.request:
            await ledger.request(partial(decide.request, wanted), provenance, lambda _: answer)
            return self.status(wanted.job)
        await self._studio.planner(wanted)  # refuses now what would fail later
        delivery = await asyncio.to_thread(Delivery.reserve, self._outputs, wanted, self._is_open)
        try:
            await ledger.request(partial(decide.request, wanted), provenance, lambda _: answer)
        except BaseException:
            delivery.release()
            raise
        if self._log.leads:
            self._produce(Production(ledger, self._studio, delivery))
        else:
            delivery.leave()
        return self.status(wanted.job)

    def _is_open(self, job: str) -> bool:
        return job in self._productions or job in self._asked or (self._docket is not None and job in self._docket.jobs)

    def _ledger(self, job: str) -> Ledger:
        if production := self._productions.get(job):
            return production.ledger
        ledger = Ledger(self._log, job)
        if ledger.state.request is None:
            raise Refused("unknown_job", "There is no such render", ids=[job])
        return ledger

    def _produce(self, production: Production) -> None:
        job = production.ledger.job
        self._productions[job] = production

        async def to_the_end() -> None:
            try:
                await production.run()
            except Exception:  # noqa: BLE001 - the log has it as open: the next start goes on with it
                _log.exception("render_abandoned", job=job)
            finally:
                self._forget(job)

        self._at_work[job] = self._spawn(to_the_end())

    def _take_up(self, jobs: Iterable[str]) -> None:
        """Go on with renders that somebody requested: before a crash, or of another process."""
        for job in jobs:
            if job not in self._productions and job not in self._asked:
                self._produce(Production(Ledger(self._log, job), self._studio, None))

    async def _oversee(self) -> None:
        """Hear what the other processes on the log do, and lead or let go."""
        docket, leads = self._docket, self._log.leads
        if docket is None:
            raise ValueError("there is nobody else on this log")
        touched = await asyncio.to_thread(docket.advance)
        changed, self._led = leads != self._led, leads
        if changed:
            _log.info("coordinator_leads" if leads else "coordinator_follows", open=len(docket.jobs))
        if leads:
            self._take_up(job for job in list(docket.jobs) if changed or job in touched)
            for production in [self._productions[job] for job in touched if job in self._productions]:
                await production.ledger.catch_up()
        else:
            await self._let_go()
        await asyncio.to_thread(self._log.wait, docket.position + 1, _LOOK_S)

    async def _let_go(self) -> None:
        """The renders are another process's now."""
        for job, production in list(self._productions.items()):
            await end([self._at_work[job]])
            production.abandon()
            self._forget(job)

    def _forget(self, job: str) -> None:
        self._productions.pop(job, None)
        self._at_work.pop(job, None)

    async def _elsewhere(self, job: str, docket: Docket, timeout_s: float) -> None:
        """Wait until the log says that a render has ended which another process makes."""
        until = time.monotonic() + timeout_s
        while job in docket.jobs and (left := until - time.monotonic()) > 0:
            await asyncio.to_thread(self._log.wait, docket.position + 1, min(left, _LOOK_S))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await step()
            except Refused as fault:
                _log.warning("broker_silent", fault=str(fault))
                await asyncio.sleep(_RETRY_S)
            except Exception:  # noqa: BLE001 - one bad message must not end the listening
                _log.exception("coordinator_stumbled")
                await asyncio.sleep(_RETRY_S)

    async def _listen(self) -> None:
        """Take an executor's outcome into the log; it is settled with the broker when it is there."""
        if not self._log.leads:
            await asyncio.sleep(_LOOK_S)  # the outcomes are for the leader
            return
        notice = await self._broker.heard(_HEAR_S)
        if notice:
            await self._note(notice.outcome)
            await notice.settle()

    async def _note(self, outcome: Outcome) -> None:
        production = self._productions.get(outcome.job)
        if production:
            await production.ledger.note(partial(decide.settle, outcome))

    async def _watch(self) -> None:
        """Publish again what the broker has lost."""
        before, self._epoch = self._epoch, await self._broker.epoch()
        for production in list(self._productions.values()):
            if self._epoch != before:
                production.publish_again()
            await production.look_for_losses()
        await asyncio.sleep(self._watch_s)

    def _hear_progress(self, progress: Progress) -> None:
        if production := self._productions.get(progress.job):
            production.hear(progress)
