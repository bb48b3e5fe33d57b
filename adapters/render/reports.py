"""What FFmpeg says of its progress, passed on to whoever watches the job: never often, never waited for."""

import asyncio
import contextlib
import re

from adapters.broker.port import Broker
from domain.errors import Refused
from domain.render.messages import Progress, Work
from domain.render.progress import WHOLE

_FIELD = re.compile(rb"^(frame|out_time_us)=\s*(\d+)\s*$", re.MULTILINE)


class Reporter:
    """Tells a unit's progress as FFmpeg reports it, about twice a second."""

    def __init__(self, broker: Broker, work: Work) -> None:
        """For one attempt."""
        self._broker = broker
        self._work = work
        self._last = 0
        self._telling: asyncio.Task[None] | None = None

    def hear(self, piece: bytes) -> None:
        """Take what FFmpeg printed. While one report is being told, newer ones wait for the next piece."""
        done = self._done(piece)
        if done > self._last and (self._telling is None or self._telling.done()):
            self._last = done
            self._telling = asyncio.create_task(self._tell(done))

    async def close(self) -> None:
        """Wait for what is being told."""
        if self._telling:
            await asyncio.gather(self._telling, return_exceptions=True)

    def _done(self, piece: bytes) -> int:
        found = {name: int(number) for name, number in _FIELD.findall(piece)}
        expect = self._work.unit.expect
        if expect.frames and b"frame" in found:
            return min(WHOLE, found[b"frame"] * WHOLE // expect.frames)
        if expect.samples and expect.sample_rate and b"out_time_us" in found:
            return min(WHOLE, found[b"out_time_us"] * expect.sample_rate // expect.samples)
        return 0

    async def _tell(self, done: int) -> None:
        work = self._work
        with contextlib.suppress(Refused):
            await self._broker.tell(Progress(work.job, work.unit.key, work.attempt, done))
