"""Time to any version of a long project, and what a version that is kept takes in memory."""

import gc
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from adapters.app.heads import Heads
from adapters.app.versions import KEPT, Versions
from adapters.cli.bench.figures import Figure, within
from adapters.cli.bench.grown import LONG
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from rust_core import Project

LOOKS = 200
COLD_LOOKS = 20
RECENT = 1_000
COPIES = 256
STREAM = f"project-{LONG}"


def measure(path: Path, edits: int) -> list[Figure]:
    """Of the long project in a log."""
    chance = random.Random(20)  # noqa: S311  # a fixed choice, no secret
    versions = chance.sample(range(203, edits), LOOKS)
    log = SqliteLog(path)
    try:
        everything = _timed(lambda: Project.empty().apply(_facts(log)))
        cold = sorted(_cold(log, path, version) for version in versions[:COLD_LOOKS])
        heads = Heads(log, Metrics())
        head = heads.head(LONG)
        warm = sorted(_timed(lambda version=version: heads.at(head, version)) for version in versions)  # type: ignore[misc]
        heads.close()
        recent, memory = _kept(log, edits, chance)
    finally:
        log.close()
    beside = f"of {edits:,}; reading and folding all of them takes {everything / warm[LOOKS // 2]:,.0f} medians"
    return [
        within(0.25, "any version, caches of process and system dropped, worst", cold[-1], beside),
        within(0.01, "any version not seen before, median", warm[LOOKS // 2], beside),
        within(0.01, "any version not seen before, worst", warm[-1], beside),
        within(0.001, f"a version of the last {RECENT:,}, worst", recent, beside),
        memory,
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


def _kept(log: SqliteLog, edits: int, chance: random.Random) -> tuple[float, Figure]:
    """The latest versions as a server that made the edits keeps them: the slowest look, and bytes a version."""
    count = min(KEPT, edits // 2)
    versions = Versions(log, Metrics())
    state = versions.at(STREAM, edits - count)
    payloads = _facts(log, state.version)
    before = _resident()
    for payload in payloads:
        state, last = state.apply([payload]), state.version
        versions.settled(STREAM, state, last)
    each = (_resident() - before) / count
    looks = [chance.randrange(edits - RECENT + 1, edits + 1) for _ in range(LOOKS)]
    slowest = max(_timed(lambda version=version: versions.at(STREAM, version)) for version in looks)  # type: ignore[misc]
    versions.close()
    snapshot = state.snapshot()
    before = _resident()
    copies = [Project.restore(snapshot) for _ in range(COPIES)]
    whole = (_resident() - before) / len(copies)
    beside = f"{each:,.0f} bytes each of {count:,}; a state of 200 clips on its own: {whole:,.0f} bytes"
    return slowest, Figure("memory of a version that is kept", each / whole, "of a whole state", beside)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _resident() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _facts(log: SqliteLog, after: int = 0) -> list[bytes]:
    return [record.fact for record in log.read(STREAM, after)]
