"""The one step of every write to a project: propose against the tip, append, answer when it is durable.

Nothing here waits between proposing and submitting, so two edits to one project never see the same tip. Where an edit
that was submitted fails, the ones proposed on top of it are refused by the log, and are proposed again.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from adapters.app.asking import Answered, Asked, EditAnswer, Masked, edit_name, encoded, ranges
from adapters.app.heads import Head, Heads, as_records
from adapters.app.keys import Keys, kept_answer
from adapters.eventstore.edits import Edit, EditKind, NewFact, Record
from adapters.eventstore.port import EventLog
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from domain.ids import EditId
from domain.timeline.again import Outcome
from domain.timeline.events import TimelineFact
from domain.timeline.impact import Impact, impact
from rust_core import Project

MOST_ATTEMPTS = 8


@dataclass(frozen=True)
class Proposal:
    """What a write comes to at one version of a project. ``subject`` is the new thing that the answer calls ``id``."""

    edit: EditId
    facts: list[TimelineFact]
    before: Project
    after: Project
    subject: str | None = None
    rebased_from: int | None = None
    edits: tuple[str, ...] = ()
    masked: tuple[tuple[str, str], ...] = ()
    replayed: tuple[Outcome, ...] = ()

    def answer(self, *, dry_run: bool = False) -> EditAnswer:
        """The answer that the caller gets."""
        found = impact(self.before, self.after, self.facts) if self.facts else Impact([], [], [])
        return EditAnswer(
            version=self.after.version,
            edit_id=self.edit if self.facts else None,
            created=found.created,
            changed=found.changed,
            invalidated=ranges(found),
            id=self.subject,
            dry_run=dry_run,
            rebased_from=self.rebased_from,
            edits=list(self.edits),
            replayed=list(self.replayed),
            masked=[Masked(name, field) for name, field in self.masked],
        )


Propose = Callable[[Head, EditId], Proposal]


class Commits:
    """Writes to projects."""

    def __init__(self, log: EventLog, heads: Heads, keys: Keys, metrics: Metrics) -> None:
        """To this log, through these heads."""
        self._log = log
        self._heads = heads
        self._keys = keys
        self._metrics = metrics

    async def write(
        self, find: Callable[[], Head], asked: Asked, propose: Propose, *, kind: EditKind = "edit", status: int = 200
    ) -> Answered:
        """Make one edit, or give the answer again that its idempotency key had before."""
        return await self._keys.once(asked, lambda: self._attempts(find, asked, propose, kind, status))

    def before(self, asked: Asked) -> Answered | None:
        """The answer that this request had before, where it came with a key."""
        return self._keys.before(asked)

    def dry(self, find: Callable[[], Head], asked: Asked, propose: Propose) -> Answered:
        """What the edit would do, done to nothing."""
        proposal = _proposed(find(), asked, propose)
        return Answered(200, encoded(proposal.answer(dry_run=True)), proposal.before.version)

    async def _attempts(
        self, find: Callable[[], Head], asked: Asked, propose: Propose, kind: EditKind, status: int
    ) -> Answered:
        for attempt in range(MOST_ATTEMPTS - 1):
            try:
                if attempt:
                    await _quiet(find)
                return await self._once(find(), asked, propose, kind, status)
            except Refused as refused:
                if refused.code != "version_conflict" or refused.path is not None:
                    raise  # a condition of the caller's own names its field; the log's conflict does not
        return await self._once(find(), asked, propose, kind, status)

    async def _once(self, head: Head, asked: Asked, propose: Propose, kind: EditKind, status: int) -> Answered:
        proposal = _proposed(head, asked, propose)
        answered = Answered(status, encoded(proposal.answer()), proposal.after.version)
        if not proposal.facts:
            await _firm(head)
            return await self._keys.keep(asked, answered)
        await self._durable(head, proposal, self._submit(head, proposal, asked, kind, answered))
        return answered

    def _submit(
        self, head: Head, proposal: Proposal, asked: Asked, kind: EditKind, answered: Answered
    ) -> asyncio.Future[list[Record]]:
        facts = [NewFact(_tag(fact), msgspec.msgpack.encode(fact)) for fact in proposal.facts]
        edit = Edit(
            edit_id=proposal.edit,
            stream=head.stream,
            expected_version=proposal.before.version,
            facts=facts,
            actor=asked.caller.actor,
            kind=kind,
            command=asked.command,
            rationale=asked.rationale,
            correlation_id=asked.caller.correlation,
            answer=kept_answer(asked, answered.status, answered.body),
        )
        first, actor = proposal.before.version + 1, asked.caller.actor
        head.newest = written = asyncio.wrap_future(self._log.submit(edit))
        head.submitted(proposal.after, as_records(first, edit.edit_id, actor, [fact.payload for fact in facts]))
        return written

    async def _durable(self, head: Head, proposal: Proposal, written: asyncio.Future[list[Record]]) -> None:
        began = time.perf_counter()
        try:
            await written
        except BaseException:
            self._heads.drop(head)
            raise
        self._metrics.append_seconds.observe(time.perf_counter() - began)
        self._heads.settled(head, proposal.after.version)


async def _firm(head: Head) -> None:
    """Wait until what a head's tip stands on is durable: an answer that nothing changed must be true of the log too."""
    newest = head.newest
    if not head.pending or newest is None:
        return
    await asyncio.wait([newest])
    if newest.cancelled() or newest.exception() is not None:
        raise Refused("version_conflict", "An edit that this one stood on was not kept")


async def _quiet(find: Callable[[], Head]) -> None:
    """Wait until nothing is under way in a project: what is proposed then stands on nothing that may still fail."""
    while (head := find()).pending and head.newest is not None:
        await asyncio.wait([head.newest])


def _proposed(head: Head, asked: Asked, propose: Propose) -> Proposal:
    version = head.tip.version
    asked.check(version)
    return propose(head, edit_name(head.stream, version, asked))


def _tag(fact: TimelineFact) -> str:
    return str(type(fact).__struct_config__.tag)
