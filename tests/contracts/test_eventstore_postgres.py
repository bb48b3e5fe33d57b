"""What is PostgreSQL's own about a log: several processes, append-only tables, proof and copy, who may hold it."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from adapters.eventstore.edits import Answer, Head
from adapters.eventstore.opening import open_to_read
from adapters.eventstore.postgres.log import PostgresLog
from adapters.eventstore.sqlite import SqliteLog
from adapters.eventstore.verify import Fault
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused
from tests.postgres import Server, server

SOON = 20.0
EDITS = 5  # of two facts each: edit n has the positions 2n - 1 and 2n
OTHERWISE = {"text": "'other'", "bigint": "{column} + 1000", "bytea": "'\\x00'::bytea"}


@pytest.fixture
def url(postgres: Server) -> str:
    return postgres.database()


@pytest.fixture
def pair(url: str) -> Iterator[tuple[PostgresLog, PostgresLog]]:
    """Two on one log, as two processes would have it."""
    logs = PostgresLog(url), PostgresLog(url)
    yield logs
    for log in logs:
        log.close()


# several processes


def test_each_hears_of_what_the_other_wrote(pair: tuple[PostgresLog, PostgresLog]) -> None:
    seen: list[int] = []
    pair[1].on_commit(seen.append)
    put(pair[0], "project-p", 0, "a.1", "b.1")
    assert pair[1].wait(2, SOON)
    assert pair[1].version("project-p") == 2
    put(pair[1], "project-p", 2, "c.1")
    assert pair[0].wait(3, SOON)
    assert seen == [2, 3]


def test_a_lost_notification_is_made_up_for(
    pair: tuple[PostgresLog, PostgresLog], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eventsourcing.postgres.PostgresApplicationRecorder._notify_channel", lambda *_: None)
    put(pair[0], "project-p", 0, "a.1")
    assert pair[1].wait(1, SOON)


def test_of_two_processes_on_one_version_one_wins(pair: tuple[PostgresLog, PostgresLog]) -> None:
    def race(log: PostgresLog, version: int, start: threading.Barrier) -> str:
        start.wait()
        try:
            put(log, "project-p", version, "a.1")
        except Refused as refusal:
            return refusal.code
        return "won"

    with ThreadPoolExecutor(4) as pool:
        for version in range(50):
            start = threading.Barrier(4)
            futures = [pool.submit(race, pair[hand % 2], version, start) for hand in range(4)]
            assert sorted(future.result() for future in futures) == ["version_conflict"] * 3 + ["won"]
    assert [record.position for record in pair[0].read_all(0, 100)] == list(range(1, 51))
    assert pair[1].verify().ok


def test_one_leads_and_the_next_one_when_it_has_gone(url: str) -> None:
    first, second = PostgresLog(url), PostgresLog(url)
    assert (first.leads, second.leads) == (True, False)
    time.sleep(1)
    assert (first.leads, second.leads) == (True, False)
    first.close()
    deadline = time.monotonic() + SOON
    while not second.leads:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    second.close()


def test_a_key_of_one_process_is_known_to_the_other(pair: tuple[PostgresLog, PostgresLog]) -> None:
    put(pair[0], "project-p", 0, "a.1", answer=Answer("k", b"r1", 200, b"done"))
    other = edit("project-p", 1, "b.1", answer=Answer("k", b"r2", 200, b"again"))
    assert refused(pair[1], other).code == "key_reused"


# what may hold a log


@pytest.mark.parametrize("setting", ["fsync", "full_page_writes"])
def test_a_server_that_can_lose_what_it_has_is_refused(setting: str) -> None:
    with server(**{setting: "off"}) as careless:
        url = careless.database()
        with pytest.raises(Refused, match=setting) as refusal:
            PostgresLog(url)
        assert refusal.value.code == "log_not_durable"
        PostgresLog(url, "normal").close()  # which promises no more than that


def test_commits_wait_for_the_disk(url: str) -> None:
    for durability, expected in (("full", "on"), ("normal", "off")):
        log = PostgresLog(url, durability)  # type: ignore[arg-type]
        found = log._database.write(lambda s: s.execute("SELECT current_setting('synchronous_commit')").fetchone())
        assert found.result(SOON) == (expected,)
        log.close()


def test_a_server_that_is_not_there_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        PostgresLog("postgresql://ann:secret-word@127.0.0.1:1/films")
    assert refusal.value.code == "log_unavailable"
    assert "secret-word" not in str(refusal.value)
    with pytest.raises(Refused) as refusal:
        PostgresLog("postgresql://ann:secret-word@127.0.0.1:port/films?no_such=1")
    assert refusal.value.code == "invalid_setting"
    assert "secret-word" not in str(refusal.value)
    log = PostgresLog(url)
    assert "secret-word" not in log.place()
    log.close()


def test_a_database_of_something_else_is_refused_and_left_alone(url: str) -> None:
    with pytest.raises(Refused, match="holds no log"):
        open_to_read(url, Path())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE stored_events (other text)")
    with pytest.raises(Refused, match="holds no log"):
        PostgresLog(url)


def test_without_the_extra_it_is_refused_by_name() -> None:
    code = """if True:
        import sys
        sys.modules["psycopg"] = None
        from pathlib import Path
        from adapters.eventstore.opening import open_to_read
        open_to_read("postgresql://ann:secret-word@db/films", Path())"""
    finished = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "extra_missing" in finished.stderr.splitlines()[-1]
    assert "secret-word" not in finished.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "statement",
    [
        *(f"UPDATE {table} SET {column} = {column}" for table, column in
          (("stored_events", "chain"), ("events", "chain"), ("edits", "actor"), ("answers", "body"))),
        *(f"DELETE FROM {table}" for table in ("stored_events", "edits", "answers")),
        *(f"TRUNCATE {table}" for table in ("stored_events", "edits", "answers")),
        "INSERT INTO events SELECT 9, stream, 9, tag, payload, event_id, edit, chain FROM events LIMIT 1",
    ],
)  # fmt: skip
def test_the_tables_are_append_only(postgres: Server, filled: str, statement: str) -> None:
    with psycopg.connect(filled, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.RaiseException, match=r"append-only|only at its end"):
            connection.execute(statement.encode())


def test_a_text_that_postgres_cannot_keep_is_refused(url: str) -> None:
    log = PostgresLog(url)
    assert refused(log, edit("project-p", 0, "a.1", rationale="nothing\0 more")).code == "invalid_field"
    put(log, "project-p", 0, "a.1")
    log.close()


# proof and copy


@pytest.fixture(scope="module")
def filled(postgres: Server) -> str:
    """A log of some edits that nobody changes."""
    url = postgres.database()
    log = PostgresLog(url)
    for number in range(EDITS):
        stream = "project-p" if number % 2 else "project-q"
        tags = (f"a{number}.1", f"b{number}.1")
        answer = Answer(f"key{number}", b"request", 200, b"answer")
        put(log, stream, log.version(stream), *tags, answer=answer, rationale="because", causation_id="c-0")
    log.close()
    return url


def fault_after(postgres: Server, filled: str, *statements: str, anchor: Head | None = None) -> Fault | None:
    """What a proof finds in a copy of the database in which somebody has lifted the triggers."""
    url = postgres.database(like=filled)
    with psycopg.connect(url, autocommit=True) as connection:
        for table in ("stored_events", "edits", "answers"):
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        for statement in statements:
            connection.execute(statement.encode())
        for table in ("stored_events", "edits", "answers"):
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    reader = open_to_read(url, Path())
    try:
        return reader.verify(anchor=anchor).fault
    finally:
        reader.close()


def columns(url: str) -> list[tuple[str, str, str]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_name IN ('stored_events', 'edits', 'answers') ORDER BY 1, ordinal_position"
        ).fetchall()  # type: ignore[return-value]


def test_any_column_of_the_log_is_proved(postgres: Server, filled: str) -> None:
    """Each is changed in turn, found, and put back; a column that is added must be added to the proof."""
    rows = {"stored_events": ("notification_id", 5), "edits": ("first_position", 5), "answers": ("key", "key2")}
    also = {"notification_id": "event_id", "first_position": "edit_id", "key": "digest"}
    url, found = postgres.database(like=filled), columns(filled)
    assert len(found) == 8 + 14 + 7
    reader = open_to_read(url, Path())
    with psycopg.connect(url, autocommit=True) as connection:
        for table in rows:
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
        for table, column, kind in found:
            key, at = rows[table]
            other = also.get(column, key)
            read = f"SELECT {column}, {other} FROM {table} WHERE {key} = %s".encode()
            kept, name = connection.execute(read, (at,)).fetchone()  # type: ignore[misc]
            change = f"UPDATE {table} SET {column} = {OTHERWISE[kind].format(column=column)} WHERE {other} = %s"
            connection.execute(change.encode(), (name,))
            fault = reader.verify().fault
            assert fault is not None, change
            assert fault.position in (5, None), (change, fault)
            connection.execute(f"UPDATE {table} SET {column} = %s WHERE {other} = %s".encode(), (kept, name))
        for table in rows:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER".encode())
    assert reader.verify().ok
    reader.close()


def test_what_is_missing_is_found(postgres: Server, filled: str) -> None:
    reader = open_to_read(filled, Path())
    anchor = reader.head()
    report = reader.verify(anchor=anchor)
    reader.close()
    assert (report.ok, report.events, report.edits, report.head) == (True, 2 * EDITS, EDITS, anchor)
    for statements, position in (
        (["DELETE FROM stored_events WHERE notification_id = 4"], 4),
        (["DELETE FROM edits WHERE first_position = 3"], 3),
        (["DELETE FROM answers WHERE key = 'key2'"], 5),
        (["DELETE FROM stored_events WHERE notification_id > 5"], 6),
    ):
        fault = fault_after(postgres, filled, *statements)
        assert fault is not None and fault.position == position, (statements, fault)
    cut = ["DELETE FROM stored_events WHERE notification_id > 4", "DELETE FROM edits WHERE first_position > 4"]
    cut.append("DELETE FROM answers WHERE key > 'key1'")
    fault = fault_after(postgres, filled, *cut)
    assert fault is not None and (fault.position, "10 facts" in fault.what) == (5, True)
    assert fault_after(postgres, filled, *cut, "UPDATE log SET reached = 4") is None  # nothing in it can tell
    fault = fault_after(postgres, filled, *cut, "UPDATE log SET reached = 4", anchor=anchor)
    assert fault is not None and fault.position == 5


def test_a_trigger_that_is_off_is_found(postgres: Server, filled: str) -> None:
    url = postgres.database(like=filled)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE edits DISABLE TRIGGER edits_keep")
    reader = open_to_read(url, Path())
    fault = reader.verify().fault
    reader.close()
    assert fault is not None and "edits_keep" in fault.what


def test_a_backup_is_the_same_log_in_a_file(filled: str, tmp_path: Path) -> None:
    reader = open_to_read(filled, Path())
    records, anchor, told = reader.read_all(0, 100), reader.backup(tmp_path / "log.db"), reader.edits("project-p")
    assert anchor == reader.head()
    with pytest.raises(Refused, match="There is a file"):
        reader.backup(tmp_path / "log.db")
    log = SqliteLog(tmp_path / "log.db")
    assert (log.read_all(0, 100), log.edits("project-p")) == (records, told)
    assert log.answer("ann", "key2") == reader.answer("ann", "key2") is not None
    assert log.verify(anchor=anchor).ok
    put(log, "project-p", log.version("project-p"), "next.1")
    assert log.verify(anchor=anchor).ok
    log.close()
    reader.close()
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".lock"] == ["log.db"]


def test_a_backup_under_load_is_of_one_moment(pair: tuple[PostgresLog, PostgresLog], tmp_path: Path) -> None:
    ended = threading.Event()

    def write() -> None:
        version = 0
        while not ended.is_set():
            version = put(pair[0], "project-p", version, "a.1", "b.1")[-1].version

    thread = threading.Thread(target=write)
    thread.start()
    try:
        heads = [pair[1].backup(tmp_path / f"{number}.db") for number in range(3)]
    finally:
        ended.set()
        thread.join()
    assert heads[0].position < heads[-1].position
    for head in heads:
        assert pair[0].verify(anchor=head).ok
        assert head.position % 2 == 0
