"""What is done with a whole log: proving it, and building every view from it."""

import time
from collections import deque
from pathlib import Path

from adapters.cli.bench.figures import Figure, best_of, reaching
from adapters.cli.output import note
from adapters.eventstore.connection import open_reader
from adapters.eventstore.reading import LogReader, open_log
from adapters.views.replay import replay

RUNS = 3
BATCH = 500
VERIFY_GOAL = 500_000


def measure(log: Path, views: Path) -> list[Figure]:
    """Prove a log, and leave its views in a folder."""
    reader = open_log(log)
    try:
        return [*_verified(log, reader), *_rebuilt(reader, views)]
    finally:
        reader.close()


def _verified(path: Path, reader: LogReader) -> list[Figure]:
    report = reader.verify()
    if report.fault:
        raise RuntimeError(f"the log does not prove itself: {report.fault}")
    used = time.process_time()
    seconds = best_of(RUNS, reader.verify)
    used = (time.process_time() - used) / RUNS
    rows = best_of(RUNS, lambda: _rows(path))
    beside = f"{report.events:,} facts of {report.edits:,} edits, with every page and index; bare APSW reads their"
    beside += f" rows in {rows / seconds:.2f} of that; {report.events / used:,.0f} to a second of processor time"
    return [reaching(VERIFY_GOAL, "facts proved", report.events / seconds, beside)]


def _rows(path: Path) -> None:
    connection = open_reader(path)
    for table in ("events", "edits"):
        deque(connection.execute(f"SELECT * FROM {table}"), maxlen=0)  # noqa: S608  # one of the two
    connection.close(True)


def _rebuilt(reader: LogReader, views: Path) -> list[Figure]:
    """Each view beside reading the log for it."""
    facts = reader.position()
    began = time.perf_counter()
    _read(reader)
    reading = time.perf_counter() - began
    ends: dict[str, float] = {}

    def progress(name: str, position: int, _target: int) -> None:
        if name not in ends:
            note(f"rebuilding {name} from {facts:,} facts")
        ends[name] = time.perf_counter()

    began = time.perf_counter()
    replay(reader, views, check=False, progress=progress)
    took = {name: end - start for (name, end), start in zip(ends.items(), [began, *ends.values()], strict=False)}
    beside = f"reading {facts:,} facts in batches: {facts / reading:,.0f}/s"
    each = [_rebuild(name, facts / seconds, facts / reading, beside) for name, seconds in took.items()]
    return [*each, _rebuild("all views", facts / sum(took.values()), facts / reading, beside)]


def _rebuild(name: str, rate: float, reading: float, beside: str) -> Figure:
    return Figure(f"rebuild of {name}", rate / reading, "of reading", f"{rate:,.0f} facts/s; {beside}")


def _read(reader: LogReader) -> None:
    position = 0
    while records := reader.read_all(position, BATCH):
        position = records[-1].position
