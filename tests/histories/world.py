"""A log with the use cases over it, as the server has them, and four actors who use them one after the other."""

import asyncio
from collections.abc import Coroutine
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked, Caller, encoded
from adapters.app.branches import Branches
from adapters.app.commits import Commits
from adapters.app.comparing import Comparing
from adapters.app.heads import Heads
from adapters.app.keys import Keys
from adapters.app.past import Past
from adapters.app.projects import Projects
from adapters.app.rewrites import Rewrites
from adapters.app.steps import Steps
from adapters.app.travel import NOW, Travel, When
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from domain.timeline.commands import SetOutput
from domain.timeline.compare import parts
from tests.domain.scenario import Shelf, ops

ACTORS = ("ada", "bob", "cy", "dee")
_DECODER = msgspec.json.Decoder(float_hook=Decimal)

Document = dict[str, Any]
Answer = dict[str, Any]


class Room:
    """The pieces of a server that write to projects, over one log file."""

    def __init__(self, folder: Path) -> None:
        """A log of its own."""
        self.log = SqliteLog(folder / "log.db", "normal")
        self.loop = asyncio.new_event_loop()
        self.heads, metrics, shelf = Heads(self.log, Metrics()), Metrics(), Shelf()
        commits = Commits(self.log, self.heads, Keys(self.log), metrics)
        self.travel = Travel(self.log, self.heads)
        self.projects = Projects(self.log, self.heads, commits, self.travel, shelf, metrics)
        self.rewrites = Rewrites(self.heads, commits, self.travel, metrics)
        self.branches = Branches(self.heads, commits, self.travel, Steps(self.log, self.heads), shelf)
        self.past = Past(self.log, self.heads, self.travel)
        self.comparing = Comparing(self.heads, self.travel, self.projects, self.past)

    def close(self) -> None:
        """Give the file back."""
        self.heads.close()
        self.log.close()
        self.loop.close()

    def done(self, asking: Coroutine[Any, Any, Answered]) -> Answer:
        """What a write answered."""
        found: Answer = _DECODER.decode(self.loop.run_until_complete(asking).body)
        return found


class World:
    """One project of a room."""

    def __init__(self, room: Room, project: str | None = None) -> None:
        """A new one, or one that is there."""
        self.room = room
        self.id = (
            project
            or room.done(
                room.projects.create(None, "Film", SetOutput(), wish("ada", {"make": uuid_utils.uuid7().hex}))
            )["id"]
        )

    @property
    def version(self) -> int:
        """The newest."""
        return self.room.heads.head(self.id).durable.version

    def document(self, when: When = NOW) -> Document:
        """The project then, without its dates and its version."""
        _, state = self.room.travel.state(self.id, when)
        return document(state)

    def edit(
        self, actor: str, batch: list[Any], *, base: int | None = None, dry: bool = False, expected: int | None = None
    ) -> Answer:
        """A batch of ops; ``base`` is the version that it was made for, where it may be rebased."""
        asked = wish(actor, {"ops": batch})
        assert expected in (None, self.version)
        return self.room.done(self.room.projects.edit(self.id, ops(*batch), asked, rebase_from=base, dry_run=dry))

    def step(self, direction: Any, actor: str, whose: str | None, count: int, *, dry: bool = False) -> Answer:
        """An undo or a redo."""
        asked = wish(actor, {direction: [whose, count]})
        return self.room.done(self.room.rewrites.step(direction, self.id, whose, count, asked, dry_run=dry))

    def revert(self, actor: str, edit: str, *, cascade: bool = False, dry: bool = False) -> Answer:
        """Take any edit back."""
        asked = wish(actor, {"revert": edit, "cascade": cascade})
        return self.room.done(self.room.rewrites.revert(self.id, edit, asked, cascade=cascade, dry_run=dry))

    def restore(self, actor: str, version: int, *, dry: bool = False) -> Answer:
        """Go back to a version, as a new edit."""
        asked = wish(actor, {"restore": version})
        return self.room.done(self.room.rewrites.restore(self.id, When(version), asked, dry_run=dry))

    def fork(self, actor: str, when: When = NOW) -> "World":
        """A project that begins as this one is, or was then."""
        asked = wish(actor, {"fork": uuid_utils.uuid7().hex})
        made = self.room.done(self.room.branches.fork(self.id, when, None, None, asked, dry_run=False))
        return World(self.room, made["id"])

    def merge(self, actor: str, other: "World", skip: tuple[str, ...] = (), *, dry: bool = False) -> Answer:
        """Decide the edits of a fork, or of what this was forked from, again here."""
        asked = wish(actor, {"merge": other.id, "skip": skip})
        return self.room.done(self.room.branches.merge(self.id, other.id, skip, asked, dry_run=dry))

    def what_if(self, actor: str, edit: str, batch: list[Any]) -> tuple["World", Answer]:
        """A project in which an edit had been another."""
        asked = wish(actor, {"what_if": uuid_utils.uuid7().hex})
        made = self.room.done(self.room.branches.what_if(self.id, edit, ops(*batch), None, None, asked, dry_run=False))
        return World(self.room, made["id"]), made

    def history(self) -> list[Any]:
        """Every edit, newest first."""
        return self.room.past.listed(self.id, None, None, 10_000, None).items

    def folded_anew(self) -> Any:
        """The project as a server that has just begun reads it, without a snapshot."""
        head = self.room.heads.head(self.id)
        records = self.room.log.read(head.stream, 0, head.durable.version)
        return type(head.durable).empty().apply([record.fact for record in records])


def wish(actor: str, intent: Any) -> Asked:
    """A request of somebody's."""
    command = encoded(intent)
    return Asked(Caller(actor, "histories"), command, command)


def document(state: Any) -> Document:
    """A folded project as JSON, without its version."""
    found: Document = _DECODER.decode(state.document())
    return {name: value for name, value in found.items() if name != "version"}


def things(found: Document) -> dict[tuple[str, str], Document]:
    """Everything in a document by kind and id."""
    return dict(parts(found))


def attempted(asking: Any) -> Answer | Refused:
    """An answer, or the refusal."""
    try:
        answer: Answer = asking()
    except Refused as refused:
        return refused
    return answer
