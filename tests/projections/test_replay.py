"""Replay: rebuilt views take the place of the live ones at once, and a check finds the first row that is wrong."""

import shutil
import threading
from pathlib import Path

import apsw
import pytest

from adapters.views.queries import Queries
from adapters.views.reading import view_path
from adapters.views.replay import Replayed, replay
from adapters.views.view import open_view
from domain.timeline.events import ProjectRenamed
from projections import timelines
from projections.catalogue import projections
from tests.projections.story import Story, clip, created, found, requested, track


@pytest.fixture
def story() -> Story:
    story = Story()
    story.tell("project-p1", created("One"), track("t1"))
    story.tell("project-p1", clip("c1", "t1", 0))
    story.tell("media-m1", found("m1", "/media/a.mp4"))
    story.tell("render-r1", requested("r1"))
    return story


@pytest.fixture
def views(story: Story, tmp_path: Path) -> Path:
    """Live views, level with the story."""
    for projection in projections():
        view = open_view(view_path(tmp_path, projection), projection)
        while view.advance(story, limit=1):
            pass
        view.close()
    return tmp_path


def differing(replayed: list[Replayed]) -> dict[str, str]:
    return {one.name: one.difference.where for one in replayed if one.difference}


def change(views: Path, name: str, sql: str) -> None:
    connection = apsw.Connection(str(views / f"{name}.db"))
    connection.execute(sql)
    connection.close()


def test_live_equals_rebuilt(story: Story, views: Path) -> None:
    told: list[tuple[str, int, int]] = []
    replayed = replay(story, views, check=True, progress=lambda *step: told.append(step))
    assert differing(replayed) == {}
    assert {one.name: one.position for one in replayed} == dict.fromkeys(
        ("timelines", "library", "audit", "renders"), 5
    )
    assert list(dict.fromkeys(told)) == [(one.name, 5, 5) for one in replayed]


@pytest.mark.parametrize(
    ("name", "sql", "where"),
    [
        ("timelines", "UPDATE projects SET name = 'Two'", "projects"),
        ("timelines", "UPDATE snapshots SET state = x'00'", "documents"),
        ("timelines", "DELETE FROM tails", "documents"),
        ("timelines", "DELETE FROM clips", "clips"),
        ("timelines", "INSERT INTO clips VALUES ('c2', 'p1')", "clips"),
        ("library", "DELETE FROM media", "media"),
        ("library", "UPDATE words SET filename = 'b.mp4'", "words"),
        ("audit", "UPDATE entries SET actor = 'eve' WHERE position = 2", "entries"),
        ("renders", "UPDATE jobs SET status = 'completed'", "jobs"),
        ("renders", "INSERT INTO parked VALUES (3, 'render-r1', 1, 'x.1', 'no')", "parked"),
        ("audit", "UPDATE standing SET chain = x'00'", "standing"),
        ("audit", "UPDATE standing SET version = 0", "standing"),
    ],
)
def test_a_check_names_the_first_difference(story: Story, views: Path, name: str, sql: str, where: str) -> None:
    change(views, name, sql)
    assert differing(replay(story, views, check=True)) == {name: where}


def test_a_difference_shows_both_rows(story: Story, views: Path) -> None:
    change(views, "audit", "UPDATE entries SET actor = 'eve' WHERE position = 2")
    (difference,) = [one.difference for one in replay(story, views, check=True) if one.difference]
    assert difference.live is not None
    assert difference.rebuilt is not None
    assert (difference.live[4], difference.rebuilt[4]) == ("eve", "ann")
    change(views, "audit", "DELETE FROM entries WHERE position > 1")
    (difference,) = [one.difference for one in replay(story, views, check=True) if one.difference]
    assert (difference.live, difference.rebuilt and difference.rebuilt[0]) == (None, 2)


def test_a_check_finds_a_missing_and_a_damaged_file(story: Story, views: Path) -> None:
    (views / "audit.db").unlink()
    (views / "renders.db").write_bytes(b"no database" * 1000)
    found_wrong = differing(replay(story, views, check=True))
    assert found_wrong["audit"] == "it was never made, or its file has been removed"
    assert found_wrong["renders"].startswith("its file is damaged")
    assert not (views / "audit.db").exists()


def test_a_view_that_lags_is_checked_where_it_stands(story: Story, views: Path) -> None:
    story.tell("project-p2", created("Two"))
    replayed = replay(story, views, check=True)
    assert differing(replayed) == {}
    assert {one.position for one in replayed} == {5}


def test_a_replay_mends_what_a_check_finds(story: Story, views: Path) -> None:
    change(views, "timelines", "UPDATE projects SET name = 'Two'")
    change(views, "library", "DROP TABLE words")
    (views / "audit.db").write_bytes(b"no database" * 1000)
    (views / "renders.db").unlink()
    assert {one.position for one in replay(story, views, check=False)} == {5}
    assert differing(replay(story, views, check=True)) == {}


def test_a_replay_needs_no_live_views(story: Story, tmp_path: Path) -> None:
    assert {one.position for one in replay(story, tmp_path / "new", check=False)} == {5}
    assert differing(replay(story, tmp_path / "new", check=True)) == {}


def test_a_replay_leaves_no_files_behind(story: Story, views: Path) -> None:
    replay(story, views, check=True)
    replay(story, views, check=False)
    names = {path.name.removesuffix("-wal").removesuffix("-shm") for path in views.iterdir()}
    assert names == {"timelines.db", "library.db", "audit.db", "renders.db"}


def test_readers_see_the_old_rows_or_the_new_ones(story: Story, views: Path) -> None:
    """While one thread reads page after page, the views are replaced again and again."""
    for number in range(200):
        story.tell(f"media-n{number}", found(f"n{number}", f"/media/{number}.mp4"))
    replay(story, views, check=False)
    queries, seen, stop = Queries(views), set[int](), threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(len(queries.videos(1000).items))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(5):
        change(views, "library", "DELETE FROM media WHERE media = 'n7'")
        replay(story, views, check=False)
    stop.set()
    reader.join()
    assert seen <= {201, 200}


def test_a_copied_view_is_as_good_as_the_live_one(
    story: Story, views: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("copy")
    replay(story, views, check=False)
    for file in views.glob("*.db*"):
        shutil.copy(file, elsewhere)
    assert differing(replay(story, elsewhere, check=True)) == {}


def test_what_was_taken_while_views_were_rebuilt_is_not_taken_back(story: Story, views: Path) -> None:
    def somebody_goes_on(name: str, position: int, _target: int) -> None:
        if name == "timelines":
            story.tell("project-p1", ProjectRenamed("Later"))
            live = open_view(view_path(views, timelines.projection()), timelines.projection())
            while live.advance(story):
                pass
            live.close()

    replayed = replay(story, views, check=False, progress=somebody_goes_on)
    assert [project.name for project in Queries(views).projects(10).items] == ["Later"]
    assert Queries(views).projects(10).position == replayed[0].position == 6
