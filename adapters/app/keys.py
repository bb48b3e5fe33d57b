"""Idempotency keys: one request at a time under a key, and the answer that it had before where it comes again."""

import asyncio
from collections.abc import Awaitable, Callable

import uuid_utils
from msgspec.structs import asdict, replace

from adapters.app.asking import Answered, Asked
from adapters.eventstore.edits import AlreadyAnswered, Answer, Edit, Provenance, StoredAnswer
from adapters.eventstore.port import EventLog
from domain.errors import Refused

Write = Callable[[], Awaitable[Answered]]


class Keys:
    """The door of every write that a caller may send twice."""

    def __init__(self, log: EventLog) -> None:
        """Nothing is under way."""
        self._log = log
        self._under_way: dict[tuple[str, str], asyncio.Task[Answered]] = {}

    async def once(self, asked: Asked, write: Write) -> Answered:
        """What a write comes to, or the answer that its key had before. Who comes while the first is still at it waits
        for it; where that was refused, the next one tries. A caller who hangs up does not stop it halfway.

        The write keeps its answer with what it does, or raises ``AlreadyAnswered``. Refuses ``key_reused`` where the
        key came with another request.
        """
        if asked.key is None:
            return await asyncio.shield(asyncio.ensure_future(write()))
        name = (asked.caller.actor, asked.key.text)
        while (first := self._under_way.get(name)) is not None:
            await asyncio.wait([first])
        if (before := self.before(asked)) is not None:
            return before
        task = self._under_way[name] = asyncio.create_task(self._told(name, asked, write))
        return await asyncio.shield(task)

    def before(self, asked: Asked) -> Answered | None:
        """The answer that this request had before; refuses ``key_reused`` where its key came with another one."""
        if asked.key is None:
            return None
        before = self._log.answer(asked.caller.actor, asked.key.text)
        return None if before is None else again(before, asked.key.request_hash)

    async def keep(self, asked: Asked, answered: Answered) -> Answered:
        """Keep the answer to a request that left no facts, or none that matter where it happens twice."""
        if asked.key is None:
            return answered
        whose = replace(provenance(asked), answer=kept_answer(asked, answered.status, answered.body))
        await asyncio.wrap_future(self._log.submit(Edit(**asdict(whose), stream="", expected_version=0, facts=[])))
        return answered

    async def _told(self, name: tuple[str, str], asked: Asked, write: Write) -> Answered:
        try:
            return await write()
        except AlreadyAnswered as twice:  # by another process, meanwhile
            return again(twice.answer, twice.answer.request_hash)
        except Refused:
            # another process may have accepted this very request, and that may be why it can't be done now
            if not self._log.shared or (before := self.before(asked)) is None:
                raise
            return before
        finally:
            del self._under_way[name]


def kept_answer(asked: Asked, status: int, body: bytes) -> Answer | None:
    """What to keep with the write; None where no key came with it."""
    return Answer(asked.key.text, asked.key.request_hash, status, body) if asked.key else None


def provenance(asked: Asked) -> Provenance:
    """Who asked for what, as it is kept with facts that are no edit of a project."""
    return Provenance(
        edit_id=str(uuid_utils.uuid7()),
        actor=asked.caller.actor,
        kind="record",
        command=asked.command,
        rationale=asked.rationale,
        correlation_id=asked.caller.correlation,
    )


def again(before: StoredAnswer, request_hash: bytes) -> Answered:
    """A stored answer, as an answer to the same request."""
    if before.request_hash != request_hash:
        raise Refused("key_reused", "This Idempotency-Key came with another request before", "Idempotency-Key")
    return Answered(before.status, before.body, replayed=True)
