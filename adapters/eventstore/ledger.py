"""One stream in the log with what is known from it, and the only way to add to that: decisions and appends take turns.

Where somebody else was quicker, what they added is taken in and the decision is made again.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, Generic, Protocol, TypeVar

import msgspec
import structlog
import uuid_utils
from msgspec.structs import replace

from adapters.eventstore.edits import Answer, Edit, NewFact, Provenance, Record
from adapters.eventstore.port import EventLog
from domain.errors import Refused

_RETRY_S = 1
_log = structlog.get_logger(__name__)


class Versioned(Protocol):
    """A state that knows the version of its stream."""

    @property
    def version(self) -> int:
        """How many facts it is folded from."""


_State = TypeVar("_State", bound=Versioned)
_Fact = TypeVar("_Fact")


class StreamLedger(Generic[_State, _Fact]):
    """A stream. ``actor`` is in whose name things are noted that nobody asked for by hand."""

    def __init__(
        self,
        log: EventLog,
        stream: str,
        actor: str,
        state: _State,
        apply: Callable[[_State, _Fact], _State],
        decode: Callable[[bytes], _Fact],
    ) -> None:
        """The stream as the log has it now, folded from an empty ``state``."""
        self.state = state
        self.records: list[Record] = []
        self._log = log
        self._stream = stream
        self._actor = actor
        self._apply = apply
        self._decode = decode
        self._turn = asyncio.Lock()
        self._take_in(log.read(stream))

    async def request(
        self,
        decision: Callable[[_State], list[_Fact]],
        provenance: Provenance,
        answer: Callable[[_State], Answer | None] = lambda _: None,
    ) -> _State:
        """Add what follows from somebody's request, under their name, and keep the ``answer`` that the state which
        follows is told by; that state. Raises what the log refuses."""
        async with self._turn:
            while True:
                facts = decision(self.state)
                after = reduce(self._apply, facts, self.state)
                kept = answer(after)
                try:
                    if facts or kept:
                        await self._append(facts, replace(provenance, answer=kept))
                    return after
                except Refused as refusal:
                    if refusal.code != "version_conflict" or not self._read_on():
                        raise

    async def note(self, decision: Callable[[_State], list[_Fact]]) -> None:
        """Add what follows from something that happened. Waits while the log can't be written: it has happened."""
        async with self._turn:
            await self._insist(decision)

    async def catch_up(self) -> None:
        """Take in what others added."""
        async with self._turn:
            self._read_on()

    def _read_on(self) -> bool:
        """Whether there was anything to take in."""
        records = self._log.read(self._stream, self.state.version)
        self._take_in(records)
        return bool(records)

    async def _insist(self, decision: Callable[[_State], list[_Fact]]) -> None:
        while facts := decision(self.state):
            try:
                return await self._append(facts, self._own())
            except Refused as refusal:
                if refusal.code == "version_conflict" and self._read_on():
                    continue
                if refusal.code not in ("storage_full", "log_unavailable", "outcome_unknown"):
                    raise
                _log.warning("note_waits", stream=self._stream, code=refusal.code)
                await asyncio.sleep(_RETRY_S)
        return None

    async def _append(self, facts: Sequence[_Fact], provenance: Provenance) -> None:
        new = [NewFact(_tag(fact), msgspec.msgpack.encode(fact)) for fact in facts]
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
            actor=self._actor,
            kind="record",
            command=b"{}",
            correlation_id=cause.correlation_id,
            causation_id=cause.event_id,
        )

    def _take_in(self, records: list[Record]) -> None:
        for record in records:
            self.state = self._apply(self.state, self._decode(record.fact))
            self.records.append(record)


def _tag(fact: Any) -> str:
    return str(type(fact).__struct_config__.tag)
