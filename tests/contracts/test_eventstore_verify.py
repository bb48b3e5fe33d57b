"""What ``verify`` finds in a log that somebody or something has changed, and where."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest

from adapters.eventstore import verify
from adapters.eventstore.edits import Answer, Head
from adapters.eventstore.reading import open_log
from adapters.eventstore.sqlite import SqliteLog
from adapters.eventstore.verify import Fault, VerifyReport
from domain.errors import Refused
from tests.contracts.eventstore import edit, put, refused

EDITS = 5  # of two facts each: edit n has the positions 2n - 1 and 2n


@pytest.fixture(autouse=True, params=[verify.BATCH, 3])
def batch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """However many facts are taken at once, the same faults are found in the same places."""
    monkeypatch.setattr(verify, "BATCH", request.param)
    return int(request.param)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "log.db"
    fill(path)
    return path


def fill(path: Path, edits: int = EDITS, command: bytes = b"{}") -> None:
    log = SqliteLog(path)
    for number in range(edits):
        stream = "project-p" if number % 2 else "project-q"
        answer = Answer(f"key{number}", b"request", 200, b"answer" * 10)
        tags = (f"a{number}.1", f"b{number}.1")
        put(log, stream, log.version(stream), *tags, answer=answer, rationale="because", command=command)
    log.close()


def verified(path: Path, anchor: Head | None = None) -> VerifyReport:
    reader = open_log(path)
    try:
        return reader.verify(anchor=anchor)
    finally:
        reader.close()


@contextmanager
def tampering(path: Path) -> Iterator[apsw.Connection]:
    """A connection of somebody who lifts the triggers and puts them back afterwards."""
    connection = apsw.Connection(str(path))
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield connection
    for _, sql in triggers:
        connection.execute(sql)
    connection.close()


def fault_after(path: Path, *statements: str, anchor: Head | None = None) -> Fault:
    with tampering(path) as connection:
        for statement in statements:
            connection.execute(statement)
    report = verified(path, anchor)
    assert not report.ok
    assert report.fault is not None
    return report.fault


def test_a_log_as_it_was_written_holds(path: Path, batch: int) -> None:
    seen: list[tuple[int, int]] = []
    reader = open_log(path)
    report = reader.verify(progress=lambda done, total: seen.append((done, total)))
    assert (report.ok, report.events, report.edits, report.fault) == (True, 10, EDITS, None)
    assert report.head == reader.head()
    assert seen == ([(10, 10)] if batch > 10 else [(3, 10), (6, 10), (9, 10), (10, 10)])
    with tampering(path):
        pass
    assert verified(path).ok


@pytest.mark.parametrize(
    "change",
    [
        "stream = 'project-x'",
        "version = version + 100",
        "tag = 'other.1'",
        "payload = x'00'",
        "payload = zeroblob(length(payload))",
        "event_id = 'other'",
        "edit = 3",
        "chain = zeroblob(32)",
    ],
)
def test_any_column_of_a_fact_is_proved(path: Path, change: str) -> None:
    assert fault_after(path, f"UPDATE events SET {change} WHERE position = 6").position == 6


@pytest.mark.parametrize(
    "change",
    [
        "first_position = 99",
        "edit_id = 'other'",
        "stream = 'project-x'",
        "first_version = first_version + 1",
        "facts = facts + 1",
        "kind = 'undo'",
        "actor = 'mallory'",
        "command = x'00'",
        "rationale = NULL",
        "rationale = 'other'",
        "correlation_id = 'other'",
        "causation_id = 'other'",
        "time_us = time_us - 1",
        "answer_key = 'other'",
        "answer_key = NULL",
        "request_hash = x'00'",
    ],
)
def test_any_column_of_an_edit_is_proved(path: Path, change: str) -> None:
    assert fault_after(path, f"UPDATE edits SET {change} WHERE first_position = 5").position == 5


def test_every_column_is_one_of_those_tried(path: Path) -> None:
    """A column that is added must be added to the chain and to the two lists above."""
    connection = apsw.Connection(str(path))
    for table, test in (
        ("events", test_any_column_of_a_fact_is_proved),
        ("edits", test_any_column_of_an_edit_is_proved),
    ):
        tried = {change.split(" ")[0] for change in test.pytestmark[0].args[1]}  # type: ignore[attr-defined]
        columns = {name for (name,) in connection.execute(f"SELECT name FROM pragma_table_info('{table}')")}
        assert columns - {"position"} == tried
    connection.close()


def test_fewer_facts_in_an_edit_are_noticed_at_the_next(path: Path) -> None:
    assert fault_after(path, "UPDATE edits SET facts = 1 WHERE first_position = 5").position == 5


@pytest.mark.parametrize("gone", [1, 4, 7])
def test_a_removed_fact_is_missed(path: Path, gone: int) -> None:
    fault = fault_after(path, f"DELETE FROM events WHERE position = {gone}")
    assert fault.position == gone
    assert "missing" in fault.what


def test_a_removed_edit_is_missed(path: Path) -> None:
    assert fault_after(path, "DELETE FROM edits WHERE first_position = 3").position == 3


def test_facts_closed_up_over_a_removed_edit_are_found(path: Path) -> None:
    fault = fault_after(
        path,
        "DELETE FROM events WHERE position IN (3, 4)",
        "DELETE FROM edits WHERE first_position = 3",
        *(f"UPDATE events SET position = {n} - 2, edit = edit - 2 WHERE position = {n}" for n in range(5, 11)),
        *(f"UPDATE edits SET first_position = {n} - 2 WHERE first_position = {n}" for n in (5, 7, 9)),
        "UPDATE sqlite_sequence SET seq = 8",
    )
    assert fault.position == 3


def test_facts_that_changed_places_are_found(path: Path) -> None:
    fault = fault_after(
        path, *(f"UPDATE events SET position = {to} WHERE position = {at}" for at, to in ((3, 99), (4, 3), (99, 4)))
    )
    assert fault.position == 3


def test_edits_that_changed_places_are_found(path: Path) -> None:
    moves = [(3, 101), (4, 102), (7, 3), (8, 4), (101, 7), (102, 8)]
    fault = fault_after(
        path,
        *(f"UPDATE events SET position = {to} WHERE position = {at}" for at, to in moves),
        *(
            f"UPDATE edits SET first_position = {to} WHERE first_position = {at}"
            for at, to in ((3, 101), (7, 3), (101, 7))
        ),
        "UPDATE events SET edit = position - 1 + position % 2",
    )
    assert fault.position == 3


@pytest.mark.parametrize("left", [0, 4, 5, 9])
def test_a_log_that_was_cut_off_is_found(path: Path, left: int) -> None:
    fault = fault_after(path, f"DELETE FROM events WHERE position > {left}")
    assert fault.position == left + 1
    assert "cut off" in fault.what


def test_a_clean_cut_is_found_by_the_count(path: Path) -> None:
    cut = ("DELETE FROM events WHERE position > 4", "DELETE FROM edits WHERE first_position > 4")
    fault = fault_after(path, *cut, "DELETE FROM answers WHERE key > 'key1'")
    assert (fault.position, "10 facts" in fault.what) == (5, True)


def test_a_perfect_cut_is_found_by_an_anchor(path: Path) -> None:
    anchor = verified(path).head
    cut = ("DELETE FROM events WHERE position > 4", "DELETE FROM edits WHERE first_position > 4")
    with tampering(path) as connection:
        for statement in (*cut, "DELETE FROM answers WHERE key > 'key1'", "UPDATE sqlite_sequence SET seq = 4"):
            connection.execute(statement)
    assert verified(path).ok  # nothing in the file itself can tell
    report = verified(path, anchor)
    assert report.fault is not None
    assert (report.ok, report.fault.position) == (False, 5)


def test_another_log_does_not_fit_an_anchor(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    fill(other)
    anchor = verified(other).head
    assert verified(other, anchor).ok
    report = verified(path, anchor)
    assert report.fault is not None
    assert (report.ok, report.fault.position) == (False, 10)


@pytest.mark.parametrize(
    "edits",
    [
        "",
        "INSERT INTO edits SELECT 11, 'forged', stream, 7, 1, kind, 'mallory', command, "
        "rationale, correlation_id, causation_id, time_us, NULL, NULL FROM edits WHERE first_position = 9",
    ],
)
def test_a_forged_fact_is_found(path: Path, edits: str) -> None:
    insert = "INSERT INTO events SELECT 11, stream, 7, tag, payload, event_id, 11, chain FROM events WHERE position = 9"
    assert fault_after(path, *filter(None, (edits, insert))).position == 11


def test_a_fact_forged_in_between_is_found(path: Path) -> None:
    up = (f"UPDATE events SET position = {n} + 1 WHERE position = {n}" for n in range(10, 4, -1))
    insert = "INSERT INTO events SELECT 5, stream, 90, tag, payload, event_id, 5, chain FROM events WHERE position = 4"
    assert fault_after(path, *up, insert).position == 5


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE answers SET body = x'00' WHERE key = 'key2'", 5),
        ("UPDATE answers SET status = 500 WHERE key = 'key2'", 5),
        ("UPDATE answers SET edit_id = (SELECT edit_id FROM edits LIMIT 1) WHERE key = 'key2'", 1),
        ("DELETE FROM answers WHERE key = 'key2'", 5),
    ],
)
def test_a_changed_answer_is_found(path: Path, change: str, position: int) -> None:
    assert fault_after(path, change).position == position


@pytest.mark.parametrize("damage", ["body = x'00'", "body = 'text'", "status = 1.5", "request_hash = NULL"])
def test_a_damaged_answer_is_not_given_again(path: Path, damage: str) -> None:
    with tampering(path) as connection:
        schema = connection.execute("SELECT sql FROM sqlite_schema WHERE name = 'answers'").get
        connection.pragma("writable_schema", True)  # damage knows no types
        lax = schema.replace(" STRICT", "").replace(" NOT NULL", "")
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'answers'", (lax,))
        connection.pragma("writable_schema", "RESET")
        connection.execute(f"UPDATE answers SET {damage} WHERE key = 'key2'")
    reader = open_log(path)
    with pytest.raises(Refused) as refusal:
        reader.answer("ann", "key2")
    assert refusal.value.code == "log_corrupt"
    reader.close()


@pytest.mark.parametrize(
    "change", ["DROP TRIGGER events_refuse_DELETE", "PRAGMA application_id = 0", "PRAGMA user_version = 0"]
)
def test_a_changed_schema_is_found(path: Path, change: str) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(change)
    connection.close()
    report = verified(path)
    assert not report.ok
    assert report.events == 10


def test_reading_refuses_a_gap_with_its_position(path: Path) -> None:
    with tampering(path) as connection:
        connection.execute("DELETE FROM events WHERE position = 3")
        connection.execute("DELETE FROM edits WHERE first_position = 9")
    reader = open_log(path)
    reads: list[tuple[Callable[[], object], int]] = [
        (lambda: reader.read("project-p"), 4),
        (lambda: reader.read_all(0, 100), 4),
        (lambda: reader.read_all(8, 100, prefix="project-"), 9),
    ]
    for read, position in reads:
        with pytest.raises(Refused) as refusal:
            read()
        assert (refusal.value.code, refusal.value.extra) == ("log_corrupt", {"position": position})
    reader.close()


@pytest.mark.parametrize(
    ("change", "position"),
    [
        ("UPDATE events SET payload = x'00' WHERE position = 6", 6),
        ("UPDATE events SET tag = 'other.1' WHERE position = 6", 6),
        ("UPDATE edits SET actor = 'mallory' WHERE first_position = 5", 5),
        ("UPDATE edits SET command = x'00' WHERE first_position = 5", 5),
    ],
)
def test_what_was_changed_is_refused_by_every_read(path: Path, change: str, position: int) -> None:
    reader = open_log(path)
    edit_id = reader.read("project-q", 2, 3)[0].edit_id
    reader.close()
    with tampering(path) as connection:
        connection.execute(change)
    reader = open_log(path)
    reads: list[Callable[[], object]] = [
        lambda: reader.read("project-q"),
        lambda: reader.read_all(0, 100),
        lambda: reader.read_all(0, 100, prefix="project-"),
    ]
    if "edits" in change:
        reads += [lambda: reader.edits("project-q"), lambda: reader.edit(edit_id)]
    for read in reads:
        with pytest.raises(Refused) as refusal:
            read()
        assert (refusal.value.code, refusal.value.extra) == ("log_corrupt", {"position": position})
    assert len(reader.read_all(6, 100)) == 4  # what stands after it is itself whole
    reader.close()


@pytest.mark.parametrize(
    "change",
    ["UPDATE events SET stream = 'x' WHERE edit = 9", "UPDATE edits SET stream = 'x' WHERE first_position = 9"],
)
def test_a_stream_that_seems_shorter_to_one_index_is_refused(path: Path, change: str) -> None:
    """As a flipped bit in an index would have it: nobody finds the last edit, so nobody may stand on the one before."""
    with tampering(path) as connection:
        connection.execute(change)
    reader = open_log(path)
    reads: list[Callable[[str], object]] = [reader.read, reader.version, reader.edits]
    for read in reads:
        with pytest.raises(Refused) as refusal:
            read("project-q")
        assert refusal.value.code == "log_corrupt"
    reader.close()
    log = SqliteLog(path)
    assert refused(log, edit("project-q", 4, "late.1")).code == "log_corrupt"
    log.close()
