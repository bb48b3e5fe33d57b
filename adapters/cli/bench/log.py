"""Durable appends, and the time to any version of a project of 10,000 edits, in logs of their own."""

import random
import tempfile
import time
from pathlib import Path

import msgspec

from adapters.app.heads import SNAPSHOT_EVERY, Heads
from adapters.cli.bench.figures import Figure
from adapters.cli.bench.timelines import edits
from adapters.eventstore.bench import measure_appends
from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from rust_core import FOLD_FINGERPRINT, Project

EDITS = 10_000
LOOKS = 100
PROJECT = "bench"


def measure() -> list[Figure]:
    """Appends beside bare SQLite; then time travel beside folding from the first fact."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        return [*_appends(Path(folder)), *_versions(Path(folder) / "long.db")]


def _appends(folder: Path) -> list[Figure]:
    rates = measure_appends(folder)
    beside = f"bare APSW, one insert a transaction: {rates.raw:,.0f}/s"
    return [
        Figure("durable edits, 1 writer", rates.one_writer / rates.raw, "ratio", beside),
        Figure(f"durable edits, {rates.writers} writers", rates.many_writers / rates.raw, "ratio", beside),
    ]


def _versions(path: Path) -> list[Figure]:
    log = SqliteLog(path)
    try:
        _write(log)
        metrics = Metrics()
        began = time.perf_counter()
        records = log.read(f"project-{PROJECT}")
        Project.empty().apply([record.fact for record in records])
        everything = time.perf_counter() - began
        versions = random.Random(20).sample(range(201, EDITS), LOOKS)  # noqa: S311  # a fixed choice, no secret
        cold = sorted(_timed(Heads(log, metrics), version) for version in versions)
        warm_heads = Heads(log, metrics)
        warm = sorted(_timed(warm_heads, version) for version in versions for _ in (0, 1))[:LOOKS]
    finally:
        log.close()
    beside = f"reading and folding all {EDITS} edits: {1000 * everything:.1f} ms"
    return [
        Figure("any version, cold, median", cold[LOOKS // 2] / everything, "ratio", beside),
        Figure("any version, cold, worst", cold[-1] / everything, "ratio", beside),
        Figure("a version seen before, worst", warm[-1] / everything, "ratio", beside),
    ]


def _timed(heads: Heads, version: int) -> float:
    head = heads.head(PROJECT)
    began = time.perf_counter()
    heads.at(head, version)
    return time.perf_counter() - began


def _write(log: SqliteLog) -> None:
    """An edit a fact, and the snapshots that a server would keep."""
    project = Project.empty()
    last = None
    for version, fact in enumerate(edits(EDITS)):
        payload = msgspec.msgpack.encode(fact)
        project = project.apply([payload])
        last = log.submit(
            Edit(
                edit_id=f"edit-{version}",
                stream=f"project-{PROJECT}",
                expected_version=version,
                facts=[NewFact(str(type(fact).__struct_config__.tag), payload)],
                actor="bench",
                kind="edit",
                command=b"{}",
                correlation_id="bench",
            )
        )
        if project.version % SNAPSHOT_EVERY == 0:
            log.save_snapshot(f"project-{PROJECT}", project.version, FOLD_FINGERPRINT, project.snapshot())
    if last is not None:
        last.result()
