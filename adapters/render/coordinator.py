"""The render coordinator: a process manager led by the log. What it knows by heart can be lost at any time."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from adapters.broker.port import Broker
from adapters.eventstore.edits import Provenance
from adapters.eventstore.port import EventLog
from adapters.ffmpeg.locate import Tools
from adapters.media.outputs import OutputRoots
from adapters.render.delivery import Delivery
from adapters.render.ledger import Ledger, open_jobs
from adapters.render.production import Planner, Production, Studio
from adapters.render.segments import SegmentStore
from adapters.render.status import Job, describe
from domain.errors import Refused
from domain.render import decide
from domain.render.events import RenderRequested
from domain.render.messages import Outcome, Progress
from domain.render.progress import done

_HEAR_S = 5
_RETRY_S = 1
_log = structlog.get_logger(__name__)


class Coordinator:
    """Renders, from the request to the film. One for a log."""

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
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Listen to the executors, and go on with what the log says is open."""
        await self._broker.on_progress(self._hear_progress)
        for job in await asyncio.to_thread(open_jobs, self._log):
            self._produce(Production(Ledger(self._log, job), self._studio, None))
        self._spawn(self._forever(self._listen))
        self._spawn(self._forever(self._watch))

    async def stop(self) -> None:
        """Stop working. What is open stays open in the log."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def request(self, wanted: RenderRequested, provenance: Provenance) -> Job:
        """Start a render. Asked twice for the same job, it is one job.

        Refused as the planner refuses, and with output_exists, path_not_allowed, queue_full or what the log refuses;
        AlreadyAnswered passes through. The caller's going away does not stop it halfway.
        """
        return await asyncio.shield(asyncio.create_task(self._request(wanted, provenance)))

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
        return self.status(job)

    def unfinished(self) -> int:
        """How many renders have been requested and have not ended."""
        return sum(not production.ledger.ended.is_set() for production in self._productions.values())

    def under_way(self) -> int:
        """How many units are being made now, by what executors tell twice a second."""
        return sum(production.under_way() for production in self._productions.values())

    async def _request(self, wanted: RenderRequested, provenance: Provenance) -> Job:
        unfinished = self._productions.keys() | set(self._asked)
        if wanted.job not in unfinished and len(unfinished) >= self._open_limit:
            raise Refused("queue_full", f"{self._open_limit} renders are unfinished already")
        self._asked.append(wanted.job)
        try:
            return await self._accept(wanted, provenance)
        finally:
            self._asked.remove(wanted.job)

    async def _accept(self, wanted: RenderRequested, provenance: Provenance) -> Job:
        ledger = Ledger(self._log, wanted.job)
        if ledger.state.request:
            await ledger.request(partial(decide.request, wanted), provenance)
            return self.status(wanted.job)
        await self._studio.planner(wanted)  # refuses now what would fail later
        delivery = await asyncio.to_thread(Delivery.reserve, self._outputs, wanted, self._is_open)
        try:
            await ledger.request(partial(decide.request, wanted), provenance)
        except BaseException:
            delivery.release()
            raise
        self._produce(Production(ledger, self._studio, delivery))
        return self.status(wanted.job)

    def _is_open(self, job: str) -> bool:
        return job in self._productions or job in self._asked

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
                del self._productions[job]

        self._spawn(to_the_end())

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

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
