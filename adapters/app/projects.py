"""Use cases of projects: create, edit, delete, and look at any version."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked
from adapters.app.commits import Commits, Proposal
from adapters.app.heads import Head, Heads
from adapters.app.travel import NOW, Travel, When
from adapters.eventstore.port import EventLog
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from domain.ids import EditId, ProjectId, is_id
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp, SetOutput
from domain.timeline.decide import project as decisions
from domain.timeline.events import TimelineFact
from domain.timeline.rebase import decide_rebased
from domain.timeline.state import Library, apply
from projections.times import utc
from rust_core import Project


@dataclass(frozen=True)
class Seen:
    """A project at a version, as JSON."""

    version: int
    document: bytes

    def decoded(self) -> dict[str, Any]:
        """The document with its decimals exact."""
        found: dict[str, Any] = _DOCUMENT.decode(self.document)
        return found


_DOCUMENT = msgspec.json.Decoder(float_hook=Decimal)


class Projects:
    """Projects and their timelines."""

    def __init__(
        self, log: EventLog, heads: Heads, commits: Commits, travel: Travel, library: Library, metrics: Metrics
    ) -> None:
        """Over a log; sources come from ``library``."""
        self._log = log
        self._travel = travel
        self._heads = heads
        self._commits = commits
        self._library = library
        self._metrics = metrics

    async def create(self, wanted: str | None, name: str, output: SetOutput, asked: Asked) -> Answered:
        """Begin a project, under the id wanted or a new one."""
        if wanted is not None and not is_id(wanted):
            raise Refused("invalid_id", "The id is not one", "id")
        project = ProjectId(wanted or f"project_{uuid_utils.uuid7().hex}")

        def propose(head: Head, edit: EditId) -> Proposal:
            return _proposal(edit, decisions.create(name, output), head.tip, subject=project)

        return await self._commits.write(lambda: self._heads.begin(project), asked, propose, status=201)

    async def edit(
        self,
        project: str,
        ops: list[AnyOp],
        asked: Asked,
        *,
        rebase_from: int | None = None,
        dry_run: bool = False,
        creates: bool = False,
    ) -> Answered:
        """Apply a batch of ops, all or none. ``creates``: the answer is about the thing that the first op makes.

        ``rebase_from``: the version that the ops were made for, where they may be decided on a newer one.
        """

        def propose(head: Head, edit: EditId) -> Proposal:
            stale = None if rebase_from in (None, head.tip.version) else rebase_from
            with self._metrics.core_seconds.labels("apply").time():
                if stale is None:
                    decided = decide_batch(ops, head.tip, self._library, edit)
                else:
                    base, since = self._heads.since(head, stale)
                    decided = decide_rebased(ops, base, head.tip, since, self._library, edit)
            subject = decided.created[0] if creates else None
            return Proposal(edit, decided.facts, head.tip, decided.project, subject, rebased_from=stale)

        if dry_run:
            return self._commits.dry(lambda: self._heads.head(project), asked, propose)
        return await self._commits.write(
            lambda: self._heads.head(project), asked, propose, status=201 if creates else 200
        )

    def answered(self, asked: Asked) -> Answered | None:
        """The answer that this request had before, where it came with a key."""
        return self._commits.before(asked)

    async def delete(self, project: str, asked: Asked) -> Answered:
        """Take a project off every list. Its log stays."""

        def propose(head: Head, edit: EditId) -> Proposal:
            return _proposal(edit, decisions.delete(head.tip), head.tip)

        return await self._commits.write(lambda: self._heads.head(project), asked, propose)

    def see(self, project: str, when: When = NOW) -> Seen:
        """A project at its newest version or as it was then."""
        head, state = self._travel.state(project, when)
        return Seen(state.version, self._document(head, state))

    def see_apart(self, project: str, version: int | None = None) -> Seen:
        """The newest version or another, read from the log beside what is kept at hand: slower, and for any thread."""
        head = self._heads.apart(project, version)
        return Seen(head.durable.version, self._document(head, head.durable))

    def at(self, project: str, version: int | None = None) -> Project:
        """The folded project at a version, the newest durable one if None."""
        return self.then(project, When(version))

    def then(self, project: str, when: When) -> Project:
        """The folded project as it was then."""
        return self._travel.state(project, when)[1]

    def _document(self, head: Head, state: Project) -> bytes:
        """The core's document with the id and the dates in front."""
        with self._metrics.core_seconds.labels("document").time():
            document = state.document()
        dates = {"created_at": self._time(head, 1), "modified_at": self._time(head, state.version)}
        front = msgspec.json.encode({"id": head.id, **dates})
        return front[:-1] + b"," + document[1:]

    def _time(self, head: Head, version: int) -> str:
        (record,) = self._log.read(head.stream, version - 1, version)
        return utc(record.time_us)


def _proposal(edit: EditId, facts: list[TimelineFact], before: Project, subject: str | None = None) -> Proposal:
    return Proposal(edit, facts, before, apply(before, facts) if facts else before, subject)
