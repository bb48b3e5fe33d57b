"""One render's facts in the log: what is known of it, and the only way to add to that."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog
import uuid_utils

from adapters.eventstore.edits import Edit, NewFact, Provenance, Record
from adapters.eventstore.port import EventLog
from domain.errors import Refused
from domain.ids import JobId, render_stream
from domain.render.decide import complete
from domain.render.events import RenderCompleted, RenderFact, decode, encode
from domain.render.state import RenderState, apply

COORDINATOR = "render"  # the actor of what nobody asked for by hand
_RETRY_S = 1
_log = structlog.get_logger(__name__)

Decision = Callable[[RenderState], list[RenderFact]]


class Ledger:
    """A render's stream. Its writer is this object alone: decisions and appends take turns."""

    def __init__(self, log: EventLog, job: str) -> None:
        """The render as the log has it now; empty for a new one."""
        self.job = job
        self.state = RenderState()
        self.records: list[Record] = []
        self.changed = asyncio.Event()  # set by every fact; whoever waits for it clears it
        self.ended = asyncio.Event()
        self._log = log
        self._stream = render_stream(JobId(job))
        self._turn = asyncio.Lock()
        self._take_in(log.read(self._stream))

    async def request(self, decision: Decision, provenance: Provenance) -> None:
        """Add what follows from somebody's request, under their name. Raises what the log refuses."""
        async with self._turn:
            facts = decision(self.state)
            if facts or provenance.answer:
                await self._append(facts, provenance)

    async def note(self, decision: Decision) -> None:
        """Add what follows from something that happened. Waits while the log can't be written: it has happened."""
        async with self._turn:
            await self._insist(decision(self.state))

    async def finish(self, publish: Callable[[], Awaitable[RenderCompleted]]) -> None:
        """Publish the film and note it, with nothing in between: it can't be cancelled once it is visible."""
        async with self._turn:
            if self.state.is_open:
                await self._insist(complete(await publish(), self.state))

    async def _insist(self, facts: Sequence[RenderFact]) -> None:
        while facts:
            try:
                return await self._append(facts, self._own())
            except Refused as refusal:
                if refusal.code not in ("storage_full", "log_unavailable"):
                    raise
                _log.warning("render_note_waits", job=self.job, code=refusal.code)
                await asyncio.sleep(_RETRY_S)
        return None

    async def _append(self, facts: Sequence[RenderFact], provenance: Provenance) -> None:
        new = [NewFact(str(type(fact).__struct_config__.tag), encode(fact)) for fact in facts]
        edit = Edit(
            **msgspec.structs.asdict(provenance), stream=self._stream, expected_version=self.state.version, facts=new
        )
        appended: asyncio.Future[list[Record]] = asyncio.wrap_future(self._log.submit(edit))
        # whoever stops waiting does not take the append back
        self._take_in(await asyncio.shield(appended))

    def _own(self) -> Provenance:
        cause = self.records[-1]
        return Provenance(
            edit_id=str(uuid_utils.uuid7()),
            actor=COORDINATOR,
            kind="record",
            command=b"{}",
            correlation_id=cause.correlation_id,
            causation_id=cause.event_id,
        )

    def _take_in(self, records: list[Record]) -> None:
        for record in records:
            self.state = apply(self.state, decode(record.fact))
            self.records.append(record)
        self.changed.set()
        if self.state.ending:
            self.ended.set()


def open_jobs(log: EventLog) -> list[str]:
    """The renders that were requested and have not ended, oldest request first."""
    endings = ("render_completed", "render_failed", "render_cancelled")  # of whatever version
    found: list[tuple[int, str]] = []
    for stream in log.streams("render-"):
        [last] = log.read(stream, after=log.version(stream) - 1)
        if last.tag.partition(".")[0] not in endings:
            found.append((log.read(stream, upto=1)[0].position, stream.removeprefix("render-")))
    return [job for _, job in sorted(found)]
