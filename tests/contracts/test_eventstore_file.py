"""The log as a file: closed and opened again, held by one owner, read from beside, copied."""

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from adapters.eventstore.connection import check_sqlite
from adapters.eventstore.edits import Answer
from adapters.eventstore.reading import open_log
from adapters.eventstore.sqlite import SqliteLog
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused, tags


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db")
    yield log
    log.close()


def test_the_log_is_there_after_it_was_closed(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    written = put(log, "project-p", 0, "a.1", "b.1")
    log.close()
    assert refused(log, edit("project-p", 2, "c.1")).code == "log_unavailable"
    log = SqliteLog(tmp_path / "log.db", durability="normal")
    assert (log.read("project-p"), log.position()) == (written, 2)
    assert put(log, "project-p", 2, "c.1")[0].position == 3
    log.close()


def test_what_was_submitted_before_closing_is_written(tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "log.db")
    futures = [log.submit(edit("project-p", version, "a.1")) for version in range(500)]
    log.close()
    assert all(future.done() for future in futures)
    assert open_log(tmp_path / "log.db").version("project-p") == 500


@pytest.mark.parametrize("durability", ["full", "normal"])
def test_durability_is_what_was_asked_for(tmp_path: Path, durability: str) -> None:
    log = SqliteLog(tmp_path / "log.db", durability=durability)  # type: ignore[arg-type]
    pragmas = log._database.write(lambda c: (c.pragma("journal_mode"), c.pragma("synchronous"))).result(20)
    assert pragmas == ("wal", {"full": 2, "normal": 1}[durability])
    log.close()


@pytest.mark.parametrize("table", ["events", "edits", "answers"])
def test_rows_cannot_be_changed_or_removed(log: SqliteLog, table: str) -> None:
    put(log, "project-p", 0, "a.1", answer=Answer("k", b"r1", 200, b"done"))
    other = apsw.Connection(str(log._database.path))
    column = other.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall()[1][0]
    for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(apsw.ConstraintError, match="append-only"):
            other.execute(change)
    other.close()


@pytest.mark.parametrize("table", ["events", "edits"])
def test_rows_cannot_be_replaced_or_put_between(log: SqliteLog, table: str) -> None:
    put(log, "project-p", 0, "a.1", "b.1")
    other = apsw.Connection(str(log._database.path))
    with pytest.raises(apsw.ConstraintError, match="only at its end"):
        other.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1")
    other.close()


def test_a_second_owner_is_refused_by_name(log: SqliteLog) -> None:
    with pytest.raises(Refused, match=r"writing to .*log\.db") as refusal:
        SqliteLog(log._database.path)
    assert refusal.value.code == "log_unavailable"
    put(log, "project-p", 0, "a.1")


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert code_of(lambda: SqliteLog(tmp_path / "file" / "log.db")) == "log_unavailable"
    (tmp_path / "log.db.lock").symlink_to(tmp_path / "file")
    assert code_of(lambda: SqliteLog(tmp_path / "log.db")) == "log_unavailable"
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_log_is_read_while_another_writes_it(log: SqliteLog) -> None:
    reader = open_log(log._database.path)
    put(log, "project-p", 0, "a.1")
    assert reader.wait(1, timeout=5)
    assert (tags(reader.read_all(0, 5)), reader.position(), reader.head()) == (["a.1"], 1, log.head())
    assert reader.verify().ok
    assert not reader.wait(2, timeout=0.01)
    reader.close()
    assert code_of(lambda: reader.head()) == "log_unavailable"


def test_a_log_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    assert code_of(lambda: open_log(tmp_path / "log.db")) == "log_unavailable"
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_program_is_left_alone(tmp_path: Path) -> None:
    other = apsw.Connection(str(tmp_path / "log.db"))
    other.execute("CREATE TABLE theirs (a)")
    other.close()
    assert code_of(lambda: SqliteLog(tmp_path / "log.db")) == "log_unavailable"
    (tmp_path / "log.db").write_bytes(b"no database at all, but long enough to be one" * 30)
    assert code_of(lambda: SqliteLog(tmp_path / "log.db")) == "log_corrupt"


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.7.0"])
def test_an_sqlite_that_can_corrupt_a_log_is_refused(
    version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    with pytest.raises(Refused, match=version):
        SqliteLog(tmp_path / "log.db")


def test_a_sound_sqlite_is_accepted() -> None:
    check_sqlite("3.51.3")
    check_sqlite("3.54.1")
    check_sqlite("4.0.0")


# copies


def test_a_backup_is_a_log(log: SqliteLog, tmp_path: Path) -> None:
    put(log, "project-p", 0, "a.1", "b.1", answer=Answer("k", b"r1", 200, b"done"))
    head = log.backup(tmp_path / "copy.db")
    put(log, "project-p", 2, "c.1")
    assert sorted(path.name for path in tmp_path.iterdir() if "copy" in path.name) == ["copy.db"]
    assert (tmp_path / "copy.db").read_bytes()[18:20] == b"\x01\x01"  # needs no write-ahead log to be read
    copy = open_log(tmp_path / "copy.db")
    assert (copy.head(), tags(copy.read("project-p"))) == (head, ["a.1", "b.1"])
    assert copy.verify(anchor=head).ok
    assert log.verify(anchor=head).ok
    copy.close()
    restored = SqliteLog(tmp_path / "copy.db")
    put(restored, "project-p", 2, "other.1")
    restored.close()


def test_a_backup_replaces_no_file(log: SqliteLog, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("precious")
    assert code_of(lambda: log.backup(tmp_path / "copy.db")) == "output_exists"
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_backup_under_load_is_a_whole_prefix(log: SqliteLog, tmp_path: Path) -> None:
    futures = [log.submit(edit("project-p", version, "a.1", "b.1")) for version in range(0, 3000, 2)]
    heads = [log.backup(tmp_path / f"{number}.db") for number in range(3)]
    assert all(future.result(20) for future in futures)
    assert all(log.verify(anchor=head).ok for head in heads)


def code_of(act: object) -> str:
    with pytest.raises(Refused) as refusal:
        act()  # type: ignore[operator]
    return refusal.value.code
