"""One render's facts in the log: what is known of it, and the only way to add to that."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

from adapters.eventstore.edits import Record
from adapters.eventstore.ledger import StreamLedger
from adapters.eventstore.port import EventLog
from domain.ids import JobId, render_stream
from domain.render.decide import complete
from domain.render.events import RenderCompleted, RenderFact, decode
from domain.render.state import RenderState, apply

COORDINATOR = "render"  # the actor of what nobody asked for by hand

ENDINGS = ("render_completed", "render_failed", "render_cancelled")  # of whatever version


class Ledger(StreamLedger[RenderState, RenderFact]):
    """A render's stream."""

    def __init__(self, log: EventLog, job: str) -> None:
        """The render as the log has it now; empty for a new one."""
        self.job = job
        self.changed = asyncio.Event()  # set by every fact; whoever waits for it clears it
        self.ended = asyncio.Event()
        super().__init__(log, render_stream(JobId(job)), COORDINATOR, RenderState(), apply, decode)

    async def finish(self, publish: Callable[[], Awaitable[RenderCompleted]]) -> bool:
        """Publish the film and note it, with nothing in between: this process can't cancel it once it is visible.

        False where another process ended the render meanwhile: then the film must go again.
        """
        async with self._turn:
            if not self.state.is_open:
                return True
            await self._insist(partial(complete, await publish()))
            return isinstance(self.state.ending, RenderCompleted)

    def _take_in(self, records: list[Record]) -> None:
        super()._take_in(records)
        self.changed.set()
        if self.state.ending:
            self.ended.set()


def open_jobs(log: EventLog) -> list[str]:
    """The renders that were requested and have not ended, oldest request first."""
    found: list[tuple[int, str]] = []
    for stream in log.streams("render-"):
        last = log.read(stream, after=log.version(stream) - 1)[-1]  # another server may add to it meanwhile
        if last.tag.partition(".")[0] not in ENDINGS:
            found.append((log.read(stream, upto=1)[0].position, stream.removeprefix("render-")))
    return [job for _, job in sorted(found)]
