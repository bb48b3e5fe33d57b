"""The waits between tries, and a cursor that can't be written."""

from pathlib import Path

from adapters.webhooks.cursors import Cursor, Cursors
from adapters.webhooks.delivery import FIRST_WAIT, TRIES, wait


def test_waits_grow_and_differ_from_one_webhook_to_the_next() -> None:
    shortest = [wait(tries, lambda: 0.0) for tries in range(1, TRIES)]
    longest = [wait(tries, lambda: 1.0) for tries in range(1, TRIES)]
    assert longest == [FIRST_WAIT * 4**number for number in range(7)]
    assert shortest == [long / 2 for long in longest]
    assert 3600 < sum(shortest) < sum(longest) < 4 * 3600
    assert len({wait(3) for _ in range(20)}) > 1


def test_a_cursor_is_what_was_kept_last(tmp_path: Path) -> None:
    cursors = Cursors(tmp_path / "cursors.db")
    assert cursors.read("h") is None
    for cursor in (Cursor(3), Cursor(3, 2, 1, "The endpoint answered 500")):
        cursors.keep("h", cursor)
    cursors.close()
    again = Cursors(tmp_path / "cursors.db")
    assert again.read("h") == Cursor(3, 2, 1, "The endpoint answered 500")
    again.forget("h")
    assert again.read("h") is None


def test_a_cursor_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    cursors = Cursors(tmp_path / "cursors.db")
    cursors.keep("h", Cursor(1))
    cursors._rows.execute("PRAGMA query_only = ON")
    cursors.keep("h", Cursor(2))
    assert cursors.read("h") == Cursor(1)
    cursors.forget("h")
    assert cursors.read("h") == Cursor(1)
