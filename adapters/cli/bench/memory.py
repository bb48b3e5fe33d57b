"""What a version that is kept takes in memory, beside a whole state: versions share what they have in common."""

import gc
import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from adapters.app.versions import KEPT
from adapters.cli.bench.figures import Figure
from adapters.cli.bench.grown import LONG
from adapters.eventstore.connection import open_reader
from rust_core import Project

COPIES = 256


def measure(path: Path, edits: int) -> list[Figure]:
    """Of the long project in a log, in a process of its own: one that has freed memory would use that first."""
    with ProcessPoolExecutor(1, get_context("spawn")) as child:
        count, version, state = child.submit(sizes, path, edits).result()
    beside = f"{version:,.0f} bytes each of {count:,}; a state of 200 clips on its own: {state:,.0f} bytes"
    return [Figure("memory of a version that is kept", version / state, "of a whole state", beside)]


def sizes(path: Path, edits: int) -> tuple[int, float, float]:
    """How many of the last versions were kept, and the bytes that one of them and one state on its own took."""
    connection = open_reader(path)  # row by row: records would leave free memory behind, and that would be used first
    rows = connection.execute("SELECT payload FROM events WHERE stream = ? ORDER BY version", (f"project-{LONG}",))
    payloads = [payload for (payload,) in rows]
    connection.close()
    count = min(KEPT, edits // 2)
    state = Project.empty().apply(payloads[:-count])
    before, versions = _resident(), [state]
    for payload in payloads[-count:]:
        versions.append(versions[-1].apply([payload]))
    version = (_resident() - before) / count
    snapshot = state.snapshot()
    before = _resident()
    copies = [Project.restore(snapshot) for _ in range(COPIES)]
    return count, version, (_resident() - before) / len(copies)


def _resident() -> int:
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
