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
        return [_verified(log, reader), _rebuilt(reader, views)]
    finally:
        reader.close()


def _verified(path: Path, reader: LogReader) -> Figure:
    report = reader.verify()
    if report.fault:
        raise RuntimeError(f"the log does not prove itself: {report.fault}")
    used = time.process_time()
    seconds = best_of(RUNS, reader.verify)
    used = (time.process_time() - used) / RUNS
    rows = best_of(RUNS, lambda: _rows(path))
    beside = f"{report.events:,} facts of {report.edits:,} edits, with every page and index; bare APSW reads their"
    beside += f" rows in {rows / seconds:.2f} of that; {report.events / used:,.0f} to a second of processor time"
    return reaching(VERIFY_GOAL, "facts proved", report.events / seconds, beside)


def _rows(path: Path) -> None:
    connection = open_reader(path)
    for table in ("events", "edits"):
        deque(connection.execute(f"SELECT * FROM {table}"), maxlen=0)  # noqa: S608  # one of the two
    connection.close(True)


def _rebuilt(reader: LogReader, views: Path) -> Figure:
    """All views beside reading the log for them once; each by itself is measured by the section ``views``."""
    facts = reader.position()
    note(f"rebuilding the views from {facts:,} facts")
    began = time.perf_counter()
    _read(reader)
    reading = time.perf_counter() - began
    began = time.perf_counter()
    replay(reader, views, check=False)
    rebuilding = time.perf_counter() - began
    beside = f"{facts / rebuilding:,.0f} facts/s; reading {facts:,} facts in batches: {facts / reading:,.0f}/s"
    return Figure("rebuild of all views", reading / rebuilding, "of reading", beside)


def _read(reader: LogReader) -> None:
    position = 0
    while records := reader.read_all(position, BATCH):
        position = records[-1].position
