"""Use cases that go back: undo, redo, revert and restore, each an edit like any other."""

from collections.abc import Callable

from adapters.app.asking import ANYBODY, Answered, Asked
from adapters.app.commits import Commits, Proposal
from adapters.app.heads import Head, Heads
from adapters.app.travel import Travel, When
from adapters.eventstore.edits import EditKind
from adapters.telemetry.metrics import Metrics
from domain.ids import EditId
from domain.timeline.history import Direction, Past, Rewritten, leading, revert, rewrite
from domain.timeline.state import apply


class Rewrites:
    """Edits that are made of other edits."""

    def __init__(self, heads: Heads, commits: Commits, travel: Travel, metrics: Metrics) -> None:
        """Through the one step of every write."""
        self._heads = heads
        self._commits = commits
        self._travel = travel
        self._metrics = metrics

    async def step(
        self, direction: Direction, project: str, actor: str | None, count: int, asked: Asked, *, dry_run: bool
    ) -> Answered:
        """Undo or redo the newest edits of ``actor`` (the caller if None, ``*`` for anybody)."""
        whose = asked.caller.actor if actor is None else None if actor == ANYBODY else actor

        def change(past: Past, head: Head) -> Rewritten:
            return rewrite(direction, past, head.tip, whose, count)

        return await self._rewritten(direction, project, change, asked, dry_run)

    async def revert(self, project: str, edit: str, asked: Asked, *, cascade: bool, dry_run: bool) -> Answered:
        """Take one edit back, with ``cascade`` also those that stand on it."""

        def change(past: Past, head: Head) -> Rewritten:
            return revert(past, head.tip, edit, cascade=cascade)

        return await self._rewritten("revert", project, change, asked, dry_run)

    async def restore(self, project: str, when: When, asked: Asked, *, dry_run: bool) -> Answered:
        """Make the document what it was then; the edits since stay in the history, and count."""

        def propose(head: Head, edit: EditId) -> Proposal:
            _, target = self._travel.state(project, when)
            with self._metrics.core_seconds.labels("restore").time():
                facts = leading(head.tip, target)
                after = apply(head.tip, facts) if facts else head.tip
            return Proposal(edit, facts, head.tip, after)

        if dry_run:
            return self._commits.dry(lambda: self._heads.head(project), asked, propose)
        return await self._commits.write(lambda: self._heads.head(project), asked, propose, kind="restore")

    async def _rewritten(
        self, kind: EditKind, project: str, change: Callable[[Past, Head], Rewritten], asked: Asked, dry_run: bool
    ) -> Answered:
        def propose(head: Head, edit: EditId) -> Proposal:
            past = Past(
                self._heads.history(head),
                lambda version: self._heads.base(head, version),
                lambda version: self._heads.records(head, version),
            )
            with self._metrics.core_seconds.labels(kind).time():
                done = change(past, head)
            return Proposal(
                edit, done.facts, head.tip, done.project, edits=tuple(done.edits), masked=tuple(done.masked)
            )

        await self._heads.read_history(project)
        if dry_run:
            return self._commits.dry(lambda: self._heads.head(project), asked, propose)
        return await self._commits.write(lambda: self._heads.head(project), asked, propose, kind=kind)
