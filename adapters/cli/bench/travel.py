"""Time to any version of a long project."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from adapters.app.heads import Heads
from adapters.app.versions import Versions
from adapters.cli.bench.figures import Figure, within
from adapters.cli.bench.grown import LONG
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from rust_core import Project

LOOKS = 200
COLD_LOOKS = 20
RUNS = 5  # of which a version's quickest counts: noise only ever adds
RECENT = 1_000
STREAM = f"project-{LONG}"


def measure(path: Path, edits: int) -> list[Figure]:
    """Of the long project in a log."""
    chance = random.Random(20)  # noqa: S311  # a fixed choice, no secret
    versions = chance.sample(range(203, edits), LOOKS)
    log = SqliteLog(path)
    try:
        everything = _timed(lambda: Project.empty().apply(_facts(log)))
        cold = sorted(_cold(log, path, version) for version in versions[:COLD_LOOKS])
        warm = sorted(min(times) for times in zip(*(_warm(log, versions) for _ in range(RUNS)), strict=True))
        recent = _recent(log, edits, chance)
    finally:
        log.close()
    beside = f"of {edits:,}; reading and folding all of them takes {everything / warm[LOOKS // 2]:,.0f} medians"
    return [
        within(0.25, "any version, caches of process and system dropped, worst", cold[-1], beside),
        within(0.01, "any version not seen before, median", warm[LOOKS // 2], beside),
        within(0.01, "any version not seen before, worst", warm[-1], beside),
        within(0.001, f"a version of the last {RECENT:,}, worst", recent, beside),
    ]


def _cold(log: SqliteLog, path: Path, version: int) -> float:
    """As after a restart of the machine: nothing in memory, and nothing of the file in the system's cache."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    heads = Heads(log, Metrics())
    seconds = _timed(lambda: heads.at(heads.head(LONG), version))
    heads.close()
    return seconds


def _warm(log: SqliteLog, versions: list[int]) -> list[float]:
    """With the project open, none of these versions looked at before."""
    heads = Heads(log, Metrics())
    head = heads.head(LONG)
    times = [_timed(lambda version=version: heads.at(head, version)) for version in versions]  # type: ignore[misc]
    heads.close()
    return times


def _recent(log: SqliteLog, edits: int, chance: random.Random) -> float:
    """The slowest look at one of the latest versions, of a server that made the edits."""
    versions = Versions(log, Metrics())
    state = versions.at(STREAM, edits - RECENT)
    for payload in _facts(log, state.version):
        state, last = state.apply([payload]), state.version
        versions.settled(STREAM, state, last)
    looks = [chance.randrange(edits - RECENT + 1, edits + 1) for _ in range(LOOKS)]
    slowest = max(_timed(lambda version=version: versions.at(STREAM, version)) for version in looks)  # type: ignore[misc]
    versions.close()
    return slowest


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _facts(log: SqliteLog, after: int = 0) -> list[bytes]:
    return [record.fact for record in log.read(STREAM, after)]
