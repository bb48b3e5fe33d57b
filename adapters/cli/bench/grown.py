"""A log of a chosen size: a project of many small edits, a short one beside it, and others in bigger edits."""

import itertools
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import msgspec

from adapters.app.versions import Versions
from adapters.cli.bench.timelines import edits
from adapters.cli.output import note
from adapters.eventstore.edits import Edit, NewFact, Record
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from domain.timeline.events import TimelineFact

LONG, SHORT = "long", "short"
SHORT_EDITS = 1_000
OTHER_FACTS = 1_000  # of each of the other projects: the clips in one edit, then three facts to an edit
AHEAD = 2_000  # edits that are submitted and not awaited

Batch = list[TimelineFact]


@dataclass(frozen=True)
class Size:
    """Edits of the long project, each of one fact, and facts in all."""

    edits: int
    facts: int


QUICK = Size(10_000, 100_000)
FULL = Size(100_000, 1_000_000)


def grow(path: Path, size: Size) -> None:
    """Write the log through its own writer, with the snapshots that a server makes of the long project."""
    log = SqliteLog(path)
    try:
        note(f"writing {size.facts:,} facts, {size.edits:,} of them edits of one project")
        _write(log, LONG, ([fact] for fact in edits(size.edits)))
        _write(log, SHORT, ([fact] for fact in edits(SHORT_EDITS)))
        for number in range((size.facts - size.edits - SHORT_EDITS) // OTHER_FACTS):
            _write(log, f"other-{number}", _batches(list(edits(OTHER_FACTS))))
        versions = Versions(log, Metrics())
        versions.newest(f"project-{LONG}")
        versions.close()
    finally:
        log.close()


def _batches(facts: Batch) -> Iterable[Batch]:
    rest = iter(facts)
    yield list(itertools.islice(rest, 202))
    while batch := list(itertools.islice(rest, 3)):
        yield batch


def _write(log: SqliteLog, project: str, batches: Iterable[Batch]) -> None:
    version, written = 0, list[Future[list[Record]]]()
    for batch in batches:
        written.append(log.submit(_edit(project, version, batch)))
        version += len(batch)
        if len(written) == AHEAD:
            written.pop().result()
            written.clear()
    for future in written[-1:]:
        future.result()


def _edit(project: str, version: int, batch: Batch) -> Edit:
    return Edit(
        edit_id=f"edit_{project}_{version}",
        stream=f"project-{project}",
        expected_version=version,
        facts=[NewFact(str(type(fact).__struct_config__.tag), msgspec.msgpack.encode(fact)) for fact in batch],
        actor="bench",
        kind="edit",
        command=b'{"ops":[{"op":"update_clip","clip":"clip-7","volume":0.5}]}',
        correlation_id="bench",
    )
