"""What FFmpeg says of its progress, passed on to whoever watches the job: never often, never waited for."""

import asyncio
import contextlib

from adapters.broker.port import Broker
from domain.errors import Refused
from domain.render.messages import Progress, Work
from domain.render.progress import WHOLE
from rust_core import Progress as Reports


class Reporter:
    """Tells a unit's progress as FFmpeg reports it, about twice a second."""

    def __init__(self, broker: Broker, work: Work) -> None:
        """For one attempt."""
        self._broker = broker
        self._work = work
        self._read = Reports()
        self._last = 0
        self._telling: asyncio.Task[None] | None = None

    def hear(self, piece: bytes) -> None:
        """Take what FFmpeg printed. While one report is being told, newer ones wait for the next piece."""
        self._read.feed(piece)
        self._last = max(self._last, self._done())
        if self._telling is None or self._telling.done():  # no step forward is a word too: it is being made
            self._telling = asyncio.create_task(self._tell(self._last))

    async def close(self) -> None:
        """Wait for what is being told."""
        if self._telling:
            await asyncio.gather(self._telling, return_exceptions=True)

    def _done(self) -> int:
        expect = self._work.unit.expect
        if expect.frames:
            return min(WHOLE, self._read.frames * WHOLE // expect.frames)
        if expect.samples and expect.sample_rate:
            return min(WHOLE, self._read.micros * expect.sample_rate // expect.samples)
        return 0

    async def _tell(self, done: int) -> None:
        work = self._work
        with contextlib.suppress(Refused):
            await self._broker.tell(Progress(work.job, work.unit.key, work.attempt, done))
