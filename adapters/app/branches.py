"""Use cases of more than one project: fork, merge and what-if, each an edit like any other."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked
from adapters.app.commits import Commits, Proposal
from adapters.app.heads import Head, Heads
from adapters.app.steps import Steps
from adapters.app.travel import Travel, When
from adapters.eventstore.edits import EditKind
from domain.core import refusing
from domain.errors import Refused, calling
from domain.ids import EditId, ProjectId, is_id
from domain.timeline.again import Decided, Outcome, Step, decide_again
from domain.timeline.batch import decide_batch
from domain.timeline.commands import AnyOp
from domain.timeline.decide.project import named
from domain.timeline.events import ForkedFrom, MergedFrom, ProjectRenamed, TimelineFact
from domain.timeline.history import LogRecord, leading
from domain.timeline.rebase import Clash, clashing
from domain.timeline.state import Library, apply
from rust_core import Project


@dataclass(frozen=True)
class Begun:
    """A project that comes from another: its first facts, and what became of edits that were decided again."""

    source: Head
    facts: list[TimelineFact]
    replayed: tuple[Outcome, ...] = ()


class Branches:
    """Projects that come from projects, and what goes back."""

    def __init__(self, heads: Heads, commits: Commits, travel: Travel, steps: Steps, library: Library) -> None:
        """Through the one step of every write."""
        self._heads = heads
        self._commits = commits
        self._travel = travel
        self._steps = steps
        self._library = library

    async def fork(
        self, project: str, when: When, wanted: str | None, name: str | None, asked: Asked, *, dry_run: bool
    ) -> Answered:
        """A new project that begins as this one was then."""

        def begun() -> Begun:
            head, state = self._travel.state(project, when)
            return Begun(head, _begun_as(state, name, ForkedFrom(head.id, state.version)))

        return await self._begin(begun, wanted, asked, "fork", dry_run=dry_run)

    async def what_if(
        self,
        project: str,
        edit: str,
        ops: list[AnyOp],
        wanted: str | None,
        name: str | None,
        asked: Asked,
        *,
        dry_run: bool,
    ) -> Answered:
        """A new project in which an edit had been these ops (none: had not been), and all that followed was decided
        again. What can't be any more is left out, and said."""

        def begun() -> Begun:
            head = self._heads.head(project)
            altered = self._altered(head, edit, ops)
            tail = self._steps.counting(head, self._travel.version(project, When(edit=edit)))
            again = decide_again(tail, altered, self._library, {})
            facts = _begun_as(again.project, name, ForkedFrom(head.id, head.durable.version))
            return Begun(head, facts, tuple(again.outcomes))

        await self._heads.read_history(project)
        return await self._begin(begun, wanted, asked, "what_if", dry_run=dry_run)

    async def merge(self, project: str, source: str, skip: Sequence[str], asked: Asked, *, dry_run: bool) -> Answered:
        """Decide the edits of a fork, or of what this was forked from, again here: all but ``skip``, or none."""

        def propose(head: Head, edit: EditId) -> Proposal:
            with calling(project="source"):
                other = self._heads.head(source)
            steps, clashes = self._to_merge(head, other)
            if unknown := set(skip) - {step.edit for step in steps}:
                raise Refused("unknown_edit", "Not an edit that would be merged", "skip", sorted(unknown))
            again = decide_again(steps, head.tip, self._library, clashes, skip)
            if again.conflicts:
                if not dry_run:
                    raise _conflict(head, again)
                return Proposal(edit, [], head.tip, head.tip, replayed=tuple(again.outcomes))
            facts: list[TimelineFact] = [*again.facts, MergedFrom(other.id, other.durable.version)] if steps else []
            after = apply(head.tip, facts) if facts else head.tip
            return Proposal(edit, facts, head.tip, after, replayed=tuple(again.outcomes))

        await self._heads.read_history(source)
        if dry_run:
            return self._commits.dry(lambda: self._heads.head(project), asked, propose)
        return await self._commits.write(lambda: self._heads.head(project), asked, propose, kind="merge")

    def _altered(self, head: Head, edit: str, ops: list[AnyOp]) -> Project:
        """A project as it was before an edit, and other ops in its place."""
        with refusing():
            plan = self._heads.history(head).before(edit)
            version = plan.base_version
            base, _ = plan.target(self._heads.base(head, version), self._heads.records(head, version))
        return decide_batch(ops, base, self._library, EditId(edit)).project

    async def _begin(
        self, begun: Callable[[], Begun], wanted: str | None, asked: Asked, kind: EditKind, *, dry_run: bool
    ) -> Answered:
        """A new project; what is asked of a version is asked of the one that it comes from."""
        if wanted is not None and not is_id(wanted):
            raise Refused("invalid_id", "The id is not one", "id")
        new = ProjectId(wanted or f"project_{uuid_utils.uuid7().hex}")

        def propose(head: Head, edit: EditId) -> Proposal:
            made = begun()
            asked.check(made.source.durable.version)
            return Proposal(edit, made.facts, head.tip, apply(head.tip, made.facts), new, replayed=made.replayed)

        wish = replace(asked, conditions=())
        if dry_run:
            return self._commits.dry(lambda: self._heads.begin(new), wish, propose)
        return await self._commits.write(lambda: self._heads.begin(new), wish, propose, kind=kind, status=201)

    def _to_merge(self, target: Head, source: Head) -> tuple[list[Step], dict[str, list[Clash]]]:
        """The source's edits that are not here yet, and what came here in the way of each."""
        ours, theirs = self._met(target, source)
        here = self._steps.records(target, theirs)
        merged = self._steps.merges(here, source.id)
        ours = max([ours, *merged.values()])
        net = self._steps.net(source, ours)
        steps = [net] if net else self._steps.counting(source, ours)
        mine = _recorded(ours, steps)
        found = clashing((self._heads.base(source, ours), mine), (self._heads.base(target, theirs), here), merged)
        clashes: defaultdict[str, list[Clash]] = defaultdict(list)
        for clash in found:
            clashes[clash.mine].append(clash)
        back = self._steps.merges(self._steps.records(source, ours), target.id)
        steps = [step for step in steps if step.edit not in back]
        if _alike(target.tip, self._heads.base(source, ours)):
            # decided again, an op that reads the past, such as "end" after an undo, could come to something else
            steps = [replace(step, as_it_came=True) for step in steps]
        return steps, clashes

    def _met(self, target: Head, source: Head) -> tuple[int, int]:
        """Where the two were the same: the version of the source and that of the target."""
        fork, begun = self._steps.origin(source)
        if fork is not None and fork.project == target.id:
            return begun, fork.version
        fork, begun = self._steps.origin(target)
        if fork is not None and fork.project == source.id:
            return fork.version, begun
        raise Refused("not_a_fork", "Neither project was forked from the other", "source", [source.id])


def _alike(one: Project, other: Project) -> bool:
    """Whether two documents say the same, but for the project's name."""
    return all(isinstance(fact, ProjectRenamed) for fact in leading(one, other))


def _recorded(base: int, steps: Sequence[Step]) -> list[LogRecord]:
    """The facts of steps as records, one version after the other."""
    facts = ((step.edit, msgspec.msgpack.encode(fact)) for step in steps for fact in step.facts)
    return [(base + n, edit, "", payload) for n, (edit, payload) in enumerate(facts, 1)]


def _begun_as(state: Project, name: str | None, origin: ForkedFrom) -> list[TimelineFact]:
    wanted = named(f"{state.name} (fork)" if name is None else name)
    renamed = [ProjectRenamed(wanted)] if wanted != state.name else []
    return [*leading(Project.empty(), state), *renamed, origin]


def _conflict(head: Head, again: Decided) -> Refused:
    count = len(again.conflicts)
    return Refused(
        "merge_conflict",
        f"{count} of {len(again.outcomes)} edits can't be decided again here",
        "source",
        [outcome.edit_id for outcome in again.conflicts],
        {"current_version": head.tip.version, "replayed": again.outcomes},
    )
