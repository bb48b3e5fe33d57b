"""How many durable appends a second the log takes, beside bare SQLite in the same run."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import uuid_utils

from adapters.eventstore.connection import open_writer
from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog

ROUNDS = 3
MANY = 8
PAYLOAD = bytes(200)  # about what a clip_added fact takes


@dataclass(frozen=True)
class AppendRates:
    """Durable appends a second: the best of some slices each, taken in turns so that all had the same machine.

    ``raw`` is bare APSW with the same pragmas and one insert to a transaction. An append of the log's is an edit with
    one fact, answered only when it is on disk; each writer waits for the answer before it sends the next.
    """

    raw: float
    one_writer: float
    many_writers: float
    writers: int


def measure_appends(folder: Path, seconds: float = 0.5) -> AppendRates:
    """Measure in new files in ``folder``, on the disk that it is on. ``seconds`` is the length of one slice."""
    log = SqliteLog(folder / "bench-log.db")
    raw = _Raw(folder / "bench-raw.db")
    kinds: list[Callable[[], float]] = [
        lambda: _rate([raw.append], seconds),
        lambda: _rate([_appender(log)], seconds),
        lambda: _rate([_appender(log) for _ in range(MANY)], seconds),
    ]
    try:
        slices = [[kind() for kind in kinds] for _ in range(ROUNDS)]
    finally:
        log.close()
        raw.close()
    best = [max(rates) for rates in zip(*slices, strict=True)]
    return AppendRates(raw=best[0], one_writer=best[1], many_writers=best[2], writers=MANY)


class _Raw:
    """The least that a durable append can be in SQLite: one row, one unique index, one transaction."""

    def __init__(self, path: Path) -> None:
        self._connection = open_writer(path, "full")
        self._connection.execute(
            "CREATE TABLE facts (position INTEGER PRIMARY KEY, stream TEXT, version INTEGER, tag TEXT, payload BLOB, "
            "UNIQUE (stream, version)) STRICT"
        )
        self._versions = count(1)

    def append(self) -> None:
        row = ("project-bench", next(self._versions), "clip_added.1", PAYLOAD)
        self._connection.execute("INSERT INTO facts (stream, version, tag, payload) VALUES (?,?,?,?)", row)

    def close(self) -> None:
        self._connection.close()


def _appender(log: SqliteLog) -> Callable[[], None]:
    """A writer with a stream of its own, which waits for each append to be durable."""
    stream, versions = f"project-{uuid_utils.uuid7()}", count()

    def append() -> None:
        edit = Edit(
            edit_id=str(uuid_utils.uuid7()),
            stream=stream,
            expected_version=next(versions),
            facts=[NewFact("clip_added.1", PAYLOAD)],
            actor="bench",
            kind="edit",
            command=b'{"op":"add_clip"}',
            correlation_id="bench",
        )
        log.submit(edit).result()

    return append


def _rate(appenders: list[Callable[[], None]], seconds: float) -> float:
    """Appends a second of some writers at once."""
    done = [0] * len(appenders)
    began = time.perf_counter()
    deadline = began + seconds

    def work(number: int, append: Callable[[], None]) -> None:
        while time.perf_counter() < deadline:
            append()
            done[number] += 1

    threads = [threading.Thread(target=work, args=numbered) for numbered in enumerate(appenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - began)
