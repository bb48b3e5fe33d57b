"""How many durable appends a second the log takes, beside bare SQLite and the library's own recorder."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import uuid_utils
from eventsourcing.persistence import StoredEvent
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from adapters.eventstore.connection import open_writer
from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog

ROUNDS = 9
WRITERS = (1, 8, 32)
PAYLOAD = bytes(200)  # about what a clip_added fact takes

_SYNCHRONOUS = {0: "OFF", 1: "NORMAL", 2: "FULL", 3: "EXTRA"}

Append = Callable[[], None]


@dataclass(frozen=True)
class AppendRates:
    """Durable appends a second, in each of some rounds: all of a round had the same machine and disk.

    ``raw`` is bare APSW with the same pragmas and one insert to a transaction; ``ours`` and ``library`` are by the
    number of writers, each of which waits for its answer before it sends the next. An append of ours is an edit with
    one fact; one of the library's is one event through its own SQLite recorder, with ``synchronous`` set to FULL as it
    is for us. ``default`` is what the library leaves it at. ``shared`` is how many edits of ours went to a commit.
    """

    raw: list[float]
    ours: dict[int, list[float]]
    library: dict[int, list[float]]
    default: str
    shared: dict[int, float]


def measure_appends(folder: Path, seconds: float) -> AppendRates:
    """Measure in new files in ``folder``, on the disk that it is on. ``seconds`` is the length of one slice."""
    ours, raw, library = _Ours(folder), _Raw(folder), _Library(folder)
    rates = AppendRates([], _by_writers(), _by_writers(), library.default, ours.shared)
    try:
        for _ in range(ROUNDS):
            rates.raw.append(_rate([raw.append], seconds))
            for writers in WRITERS:
                rates.ours[writers].append(ours.rate(writers, seconds))
                rates.library[writers].append(_rate([library.appender() for _ in range(writers)], seconds))
    finally:
        ours.close()
        raw.close()
        library.close()
    return rates


def _by_writers() -> dict[int, list[float]]:
    return {writers: [] for writers in WRITERS}


class _Ours:
    """Our log, with what went to a commit in the last slice of so many writers."""

    def __init__(self, folder: Path) -> None:
        self._log = SqliteLog(folder / "bench-log.db")
        self._commits: list[int] = []
        self._log.on_commit(self._commits.append)
        self.shared: dict[int, float] = {}

    def rate(self, writers: int, seconds: float) -> float:
        before = self._log.position()
        self._commits.clear()
        rate = _rate([_appender(self._log) for _ in range(writers)], seconds)
        self.shared[writers] = (self._log.position() - before) / max(1, len(self._commits))
        return rate

    def close(self) -> None:
        self._log.close()


class _Raw:
    """The least that a durable append can be in SQLite: one row, one unique index, one transaction."""

    def __init__(self, folder: Path) -> None:
        self._connection = open_writer(folder / "bench-raw.db", "full")
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


class _Library:
    """The eventsourcing library's own SQLite recorder, on one connection: it writes with one at a time anyway."""

    def __init__(self, folder: Path) -> None:
        self._store = SQLiteDatastore(
            str(folder / "bench-library.db"), pool_size=1, max_overflow=0, pool_timeout=60, originator_id_type="text"
        )
        with self._store.get_connection(commit=True) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA synchronous")
            self.default = _SYNCHRONOUS[cursor.fetchone()[0]]
            cursor.execute("PRAGMA synchronous = FULL")
        self._recorder = SQLiteApplicationRecorder(self._store)
        self._recorder.create_table()

    def appender(self) -> Append:
        """A writer with a stream of its own."""
        stream, versions = f"project-{uuid_utils.uuid7()}", count(1)

        def append() -> None:
            self._recorder.insert_events([StoredEvent(stream, next(versions), "clip_added.1", PAYLOAD)])

        return append

    def close(self) -> None:
        self._store.close()


def _appender(log: SqliteLog) -> Append:
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


def _rate(appenders: list[Append], seconds: float) -> float:
    """Appends a second of some writers at once, of which each makes one at least."""
    done = [0] * len(appenders)
    began = time.perf_counter()
    deadline = began + seconds

    def work(number: int, append: Append) -> None:
        while not done[number] or time.perf_counter() < deadline:
            append()
            done[number] += 1

    threads = [threading.Thread(target=work, args=numbered) for numbered in enumerate(appenders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - began)
