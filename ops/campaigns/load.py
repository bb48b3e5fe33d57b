"""Writers straight on the log, and what each of them was told."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event

from adapters.eventstore.edits import Answer, Edit, NewFact, Record
from adapters.eventstore.reading import LogReader
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from ops.campaigns.campaign import Run
from ops.campaigns.crew import at_work

WRITERS = 4
ENDLESS = 10**9
SPOILED = 0.1  # the share of edits that are refused when they are half written


def _spoil(_: Sequence[Record]) -> bytes:
    raise Refused("edit_conflict", "made to be refused when its facts are written already")


def an_edit(chance: random.Random, stream: str, version: int, name: str, *, spoiled: bool = False) -> Edit:
    """One to three facts of random length, with an answer to keep."""
    facts = [NewFact(f"a{n}.1", chance.randbytes(chance.randrange(400))) for n in range(chance.randrange(1, 4))]
    return Edit(
        edit_id=name,
        stream=stream,
        expected_version=version,
        facts=facts,
        actor="campaign",
        kind="edit",
        command=chance.randbytes(chance.randrange(200)),
        correlation_id=name,
        answer=Answer("key-" + name, name.encode(), 200, _spoil if spoiled else b"answer " + name.encode()),
    )


@dataclass
class Told:
    """What the writers of a log were told. ``accepted`` has the last record of each edit; ``refused`` codes by edit."""

    accepted: dict[str, Record] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)

    def edit(self, log: SqliteLog, edit: Edit) -> bool:
        """Submit an edit and note what comes back."""
        try:
            self.accepted[edit.edit_id] = log.submit(edit).result(60)[-1]
        except Refused as refused:
            self.refused[edit.edit_id] = refused
            return False
        return True

    def check(self, run: Run, log: LogReader, when: str, accepted: set[str] | None = None) -> None:
        """The log proves itself, has what was accepted (or those of it that are named) and nothing that was refused."""
        report = log.verify()
        if report.fault is not None:
            run.check(False, f"{when}: verify finds {report.fault}")
            return
        kept = {record.edit_id: record for record in log.read_all(0, 10**9)}
        for name in self.accepted if accepted is None else accepted:
            run.check(kept.get(name) == self.accepted[name], f"{when}: {name} was accepted and is not there")
            answer = log.answer("campaign", "key-" + name)
            run.check(answer is not None and answer.edit_id == name, f"{when}: the answer to {name} is not there")
        for name in self.refused.keys() & kept.keys():
            unknown = self.refused[name].code == "outcome_unknown"
            run.check(unknown, f"{when}: {name} was refused and is there")
            run.figures["refused edits there after a restart, as announced"] += 1
        run.figures["facts proved"] += report.events


@contextmanager
def writing(
    log: SqliteLog,
    seed: int,
    *,
    edits: int = ENDLESS,
    told: Told | None = None,
    on_accepted: Callable[[str], None] = lambda _: None,
) -> Iterator[Told]:
    """Writers on streams of their own that go on until they have made ``edits`` each, or the block ends."""
    told = told or Told()

    def write(number: int, stop: Event) -> None:
        chance, stream = random.Random(seed * WRITERS + number), f"project-{number}"
        version = log.version(stream)
        for count in range(edits):
            if stop.is_set():
                return
            name = f"{stream}-{version}-{count}-{seed}"
            if told.edit(log, an_edit(chance, stream, version, name, spoiled=chance.random() < SPOILED)):
                version = told.accepted[name].version
                on_accepted(name)

    with at_work(write, range(WRITERS), to_the_end=edits < ENDLESS):
        yield told
