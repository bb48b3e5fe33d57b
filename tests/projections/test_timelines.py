"""The timelines' view: projects as a list, their documents, and which project a clip is in."""

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from adapters.views.reading import view_path
from adapters.views.view import open_view
from domain.errors import Refused
from domain.timeline.events import ClipChanged, ClipRemoved, ProjectDeleted, ProjectRenamed
from projections import states, timelines
from rust_core import Project
from tests.projections.live import Live
from tests.projections.story import SECOND, Story, clip, created, found, track


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def live(story: Story, tmp_path: Path) -> Live:
    return Live(story, tmp_path, timelines.projection())


def test_a_project_is_listed_with_what_it_has(story: Story, live: Live) -> None:
    story.tell("project-p1", created("Holiday"), track("t1"))
    story.tell("media-m1", found("m1", "/m/a.mp4"))
    story.tell("project-p1", clip("c1", "t1", 0), clip("c2", "t1", 1, seconds=2))
    project = live.project("p1")
    assert (project.id, project.name, project.version, project.clips) == ("p1", "Holiday", 4, 2)
    assert (project.duration, project.frames) == (Decimal(3), 90)
    assert project.created_at < project.modified_at


def test_the_document_is_the_folds(story: Story, live: Live) -> None:
    story.tell("project-p1", created(), track("t1"))
    story.tell("project-p1", clip("c1", "t1", 0))
    folded = Project.empty().apply([record.payload for record in story.records])
    live.catch_up()
    assert list(states.documents(live.view._connection)) == [("p1", folded.document())]


def test_clips_are_found_by_id(story: Story, live: Live) -> None:
    story.tell("project-p1", created(), track("t1"), clip("c1", "t1", 0), clip("c2", "t1", 1))
    story.tell("project-p2", created(), track("t1"), clip("c3", "t1", 0), clip("c2", "t1", 1))
    assert (live.ask.project_of_clip("c1"), live.ask.project_of_clip("c3")) == ("p1", "p2")
    with pytest.raises(Refused, match="ambiguous_id"):
        live.ask.project_of_clip("c2")
    story.tell("project-p1", ClipRemoved("c2"))
    assert live.ask.project_of_clip("c2") == "p2"
    story.tell("project-p2", ProjectDeleted())
    with pytest.raises(Refused, match="unknown_clip"):
        live.ask.project_of_clip("c2")


def test_a_deleted_project_leaves_the_list_and_keeps_its_row(story: Story, live: Live) -> None:
    story.tell("project-p1", created("One"))
    story.tell("project-p2", created("Two"))
    story.tell("project-p1", ProjectDeleted())
    assert [project.id for project in live.ask.projects(10).items] == ["p2"]
    row = live.view._connection.execute("SELECT name, version, deleted FROM projects WHERE project = 'p1'").fetchone()
    assert row == ("One", 2, 1)


def test_an_edit_counts_as_a_whole(story: Story, live: Live) -> None:
    """Two clips change places: after the first of the two facts they overlap."""
    story.tell("project-p1", created(), track("t1"), clip("c1", "t1", 0), clip("c2", "t1", 1))
    story.tell("project-p1", ClipChanged("c1", at=SECOND), ClipChanged("c2", at=0))
    live.catch_up(limit=1)
    assert live.parked == []
    (lane,) = msgspec.json.decode(states.restored(live.view._connection, "p1").document())["tracks"]
    assert [shown["id"] for shown in lane["clips"]] == ["c2", "c1"]


def test_an_edit_that_the_fold_refuses_stops_its_project_and_no_other(story: Story, live: Live) -> None:
    story.tell("project-p1", created("One"), track("t1"), clip("c1", "t1", 0))
    story.tell("project-p1", clip("c2", "t1", 5), clip("c3", "t1", 0))  # c3 lies on c1
    story.tell("project-p2", created("Two"))
    story.tell("project-p1", ProjectRenamed("Later"))
    project = live.project("p1")
    assert (project.name, project.version, project.clips) == ("One", 3, 1)
    assert live.project("p2").name == "Two"
    assert [parked.position for parked in live.parked] == [4, 5, 7]
    assert "clips_overlap" in live.parked[0].error
    assert "stands at version 3" in live.parked[2].error


def test_a_restart_goes_on_from_the_rows(story: Story, live: Live, tmp_path: Path) -> None:
    story.tell("project-p1", created("One"), track("t1"), clip("c1", "t1", 0))
    live.catch_up()
    live.view.close()
    story.records[:3] = [msgspec.structs.replace(record, payload=b"") for record in story.records]
    story.tell("project-p1", ProjectRenamed("Renamed"))
    live.view = open_view(view_path(tmp_path, timelines.projection()), timelines.projection())
    assert live.parked == []
    assert (live.project("p1").name, live.project("p1").clips) == ("Renamed", 1)


def test_projects_that_are_not_at_hand_are_restored(story: Story, live: Live) -> None:
    held = states.Held(limit=1)
    for name in ("p1", "p2"):
        story.tell(f"project-{name}", created(name), track("t1"))
    folding = timelines.Folding(live.view._connection, held)
    for name in ("p1", "p2"):
        folding.apply([record for record in story.records if record.stream == f"project-{name}"])
    folding.finish()
    assert (held.find("p1", 2), held.find("p2", 1)) == (None, None)
    assert held.find("p2", 2) is not None
    story.tell("project-p1", clip("c1", "t1", 0))
    folding = timelines.Folding(live.view._connection, held)
    folding.apply(story.records[-1:])
    folding.finish()
    assert live.view._connection.execute("SELECT clips FROM projects WHERE project = 'p1'").get == 1


def test_projects_stay_in_the_order_of_their_creation(story: Story, live: Live) -> None:
    for number in range(5):
        story.tell(f"project-p{number}", created(str(number)))
    first = live.ask.projects(2)
    story.tell("project-p0", ProjectRenamed("changed"))
    story.tell("project-p3", ProjectDeleted())
    second = live.ask.projects(2, first.next_cursor)
    assert [project.id for project in [*first.items, *second.items]] == ["p0", "p1", "p2", "p4"]
    assert second.next_cursor is None
    assert second.position == story.position()


def test_a_long_tail_becomes_a_snapshot(story: Story, live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(states, "LONGEST_TAIL", 3)
    story.tell("project-p1", created(), track("t1"))
    lengths = []
    for number in range(7):
        live.catch_up()
        lengths.append(live.view._connection.execute("SELECT count(*) FROM tails").get)
        story.tell("project-p1", clip(f"c{number}", "t1", number))
    assert lengths == [0, 1, 2, 0, 1, 2, 0]
    live.catch_up()
    folded = Project.empty().apply([record.payload for record in story.records])
    assert states.restored(live.view._connection, "p1").document() == folded.document()
