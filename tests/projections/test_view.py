"""One view's file: whole edits, positions that never part from their rows, facts that can't be digested."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apsw
import pytest

from adapters.views.log import whole_edits
from adapters.views.reading import open_reader, view_path
from adapters.views.view import View, open_view
from domain.errors import Refused
from projections import timelines
from projections.projection import Batch, Projection, Record, Rows
from tests.projections.story import Story, created


class Notes:
    """Writes down every edit; chokes on payloads that say so."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows

    def apply(self, edit: Sequence[Record]) -> None:
        for record in edit:
            if record.payload == b"choke":
                raise ValueError("choked")
            if record.payload == b"full":
                raise apsw.FullError("no room")
            self.rows.execute("INSERT INTO notes VALUES (?, ?)", (record.position, len(edit)))

    def finish(self) -> None:
        pass


class Late(Notes):
    """Finds out at the end of the batch only."""

    def apply(self, edit: Sequence[Record]) -> None:
        self.found = getattr(self, "found", False) or any(record.payload == b"choke" for record in edit)
        self.rows.execute("INSERT INTO notes VALUES (?, ?)", (edit[0].position, len(edit)))

    def finish(self) -> None:
        if self.found:
            raise ValueError("choked late")


def notes(begin: Any = Notes, **fields: Any) -> Projection:
    schema = "CREATE TABLE notes (position INTEGER PRIMARY KEY, facts INTEGER NOT NULL)"
    given: dict[str, Any] = {"version": 1, "whole_edits": True} | fields
    return Projection("notes", schema=schema, begin=begin, dump={"notes": "SELECT * FROM notes ORDER BY 1"}, **given)


def opened(directory: Path, projection: Projection) -> View:
    return open_view(view_path(directory, projection), projection)


def rows(directory: Path) -> list[tuple[int, int]]:
    return open_reader(view_path(directory, notes())).execute("SELECT * FROM notes ORDER BY 1").fetchall()


def parked(view: View) -> list[tuple[int, str]]:
    return [(fact.position, fact.error) for fact in view.parked()]


@pytest.fixture
def story() -> Story:
    story = Story()
    for facts in (1, 3, 2):
        story.tell("project-p1", *[created()] * facts)
    return story


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 5, 6, 7])
def test_a_batch_never_ends_inside_an_edit(story: Story, limit: int) -> None:
    at, sizes = 0, []
    while edits := whole_edits(story, at, limit):
        at = edits[-1][-1].position
        sizes += [len(edit) for edit in edits]
    assert sizes == [1, 3, 2]


def test_the_position_moves_past_facts_that_are_ignored(story: Story, tmp_path: Path) -> None:
    class Nothing(Notes):
        def apply(self, edit: Sequence[Record]) -> None:
            pass

    view = opened(tmp_path, notes(Nothing))
    assert view.advance(story)
    assert not view.advance(story)
    assert (view.standing().position, rows(tmp_path)) == (6, [])


def test_the_position_goes_back_with_its_rows(story: Story, tmp_path: Path) -> None:
    view = opened(tmp_path, notes())
    view.advance(story)
    story.tell("project-p1", created(), b"full")
    with pytest.raises(apsw.FullError):
        view.advance(story)
    assert (view.standing().position, len(rows(tmp_path)), parked(view)) == (6, 6, [])


def test_an_edit_is_parked_as_a_whole_and_stops_nothing(story: Story, tmp_path: Path) -> None:
    story.tell("project-p1", created(), b"choke")
    story.tell("project-p1", created())
    view = opened(tmp_path, notes())
    view.advance(story)
    assert rows(tmp_path) == [(1, 1), (2, 3), (3, 3), (4, 3), (5, 2), (6, 2), (9, 1)]
    assert parked(view) == [(7, "ValueError: choked"), (8, "ValueError: choked")]
    assert (view.standing().position, view.count_parked()) == (9, 2)


def test_a_fact_that_stands_alone_is_parked_alone(story: Story, tmp_path: Path) -> None:
    story.tell("project-p1", created(), b"choke", created())
    view = opened(tmp_path, notes(whole_edits=False))
    view.advance(story)
    assert [position for position, _ in rows(tmp_path)] == [1, 2, 3, 4, 5, 6, 7, 9]
    assert [position for position, _ in parked(view)] == [8]


def test_what_a_newer_version_wrote_is_waited_for_and_not_parked(tmp_path: Path) -> None:
    story = Story()
    story.tell("project-p9", created("Before"))
    story.tell("project-p9", b"what it says", tag="clip_teleported.1")
    view = opened(tmp_path, timelines.projection())
    for _ in (1, 2):
        with pytest.raises(Refused, match=r"unknown_fact.*clip_teleported\.1"):
            view.advance(story, 500)
        assert (view.standing().position, view.count_parked()) == (1, 0)


def test_what_only_fails_at_the_end_of_a_batch_is_found_too(story: Story, tmp_path: Path) -> None:
    story.tell("project-p1", b"choke")
    story.tell("project-p1", created())
    view = opened(tmp_path, notes(Late))
    view.advance(story)
    assert [position for position, _ in rows(tmp_path)] == [1, 2, 5, 8]
    assert parked(view) == [(7, "ValueError: choked late")]


def test_two_writers_of_one_file_take_each_fact_once(story: Story, tmp_path: Path) -> None:
    class Interrupted(Notes):
        """Another process comes first, while the batch is being read."""

        def read_all(self, after: int, limit: int) -> list[Any]:
            records = story.read_all(after, limit)
            opened(tmp_path, notes()).advance(story, 2)
            return records

    view = opened(tmp_path, notes())
    interrupted: Any = Interrupted(view._connection)
    assert view.advance(interrupted)
    while view.advance(story):
        pass
    assert [position for position, _ in rows(tmp_path)] == [1, 2, 3, 4, 5, 6]
    assert (view.standing().position, parked(view)) == (6, [])


def test_nothing_is_taken_beyond_a_given_position(story: Story, tmp_path: Path) -> None:
    view = opened(tmp_path, notes())
    while view.advance(story, upto=4):
        pass
    assert view.standing().position == 4


def test_a_damaged_file_is_dropped(story: Story, tmp_path: Path) -> None:
    view_path(tmp_path, notes()).write_bytes(b"no database at all" * 1000)
    view = opened(tmp_path, notes())
    view.advance(story)
    assert len(rows(tmp_path)) == 6


def test_a_view_knows_its_log(story: Story, tmp_path: Path) -> None:
    view = opened(tmp_path, notes())
    assert view.follows(story)
    view.advance(story)
    assert view.follows(story)
    other, shorter = Story(branch=b"other"), Story()
    for facts in (1, 3, 2):
        other.tell("project-p1", *[created()] * facts)
    shorter.tell("project-p1", created())
    assert not view.follows(other)
    assert not view.follows(shorter)


def test_other_code_is_noticed(story: Story, tmp_path: Path) -> None:
    assert opened(tmp_path, notes()).is_current()
    assert not opened(tmp_path, notes(version=2)).is_current()
    assert not opened(tmp_path, notes(basis="other fold")).is_current()


def test_batches_begin_anew(story: Story, tmp_path: Path) -> None:
    begun: list[Batch] = []

    def begin(opened_rows: Rows) -> Batch:
        begun.append(Notes(opened_rows))
        return begun[-1]

    view = opened(tmp_path, notes(begin))
    while view.advance(story, 1):
        pass
    assert len(begun) == 3
