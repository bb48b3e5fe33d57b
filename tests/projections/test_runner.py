"""The runner on the real log: woken by commits, waited for, undisturbed by a view in trouble."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec
import pytest

from adapters.eventstore.edits import Edit, NewFact, Record
from adapters.eventstore.sqlite import SqliteLog
from adapters.views.log import Log
from adapters.views.queries import Queries
from adapters.views.rebuild import Rebuild
from adapters.views.runner import Runner
from domain.errors import Refused
from projections import library, timelines
from projections.catalogue import projections
from projections.projection import Projection
from tests.projections.story import created, found

SOON = 5.0


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db", "normal")
    yield log
    log.close()


@pytest.fixture
def views(tmp_path: Path) -> Path:
    return tmp_path / "views"


def submit(log: SqliteLog, stream: str, *facts: msgspec.Struct, after: int = 0) -> int:
    """Append an edit; its last position."""
    made = [NewFact(str(fact.__struct_config__.tag), msgspec.msgpack.encode(fact)) for fact in facts]
    name = f"{stream}-{after}"
    edit = Edit(edit_id=name, stream=stream, expected_version=after, facts=made, actor="ann", kind="edit",
                command=b"{}", correlation_id="c1")  # fmt: skip
    return log.submit(edit).result(timeout=SOON)[-1].position


class Kept:
    """A runner, stopped at the end."""

    def __init__(self, log: SqliteLog, views: Path, chosen: list[Projection] | None = None) -> None:
        self.runner = Runner(log, views, chosen or projections())

    def __enter__(self) -> Runner:
        self.runner.start()
        return self.runner

    def __exit__(self, *_: object) -> None:
        self.runner.stop()


def eventually(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_commit_is_in_every_view_without_a_poll(log: SqliteLog, views: Path) -> None:
    with Kept(log, views) as runner:
        queries = Queries(views)
        for number in range(20):
            position = submit(log, f"project-p{number}", created(str(number)))
            assert runner.wait_for("timelines", position, SOON)
            assert [project.name for project in queries.projects(100).items][number:] == [str(number)]
        assert runner.wait_for("audit", position, SOON)
        eventually(lambda: all(status.lag == 0 for status in runner.status()))


def test_what_was_there_before_the_start_is_taken_too(log: SqliteLog, views: Path) -> None:
    position = submit(log, "media-m1", found("m1", "/media/a.mp4"))
    with Kept(log, views) as runner:
        assert runner.wait_for("library", position, SOON)
    with Kept(log, views) as runner:
        assert runner.wait_for("library", position, SOON)


def test_a_position_that_does_not_come_is_not_waited_for_longer(log: SqliteLog, views: Path) -> None:
    with Kept(log, views) as runner:
        begun = time.monotonic()
        assert not runner.wait_for("library", 1, 0.1)
        assert 0.1 <= time.monotonic() - begun < 1


def test_a_runner_that_was_never_started_can_be_stopped(log: SqliteLog, views: Path) -> None:
    Runner(log, views, projections()).stop()


def test_many_wait_at_once(log: SqliteLog, views: Path) -> None:
    seen: list[bool] = []
    with Kept(log, views) as runner:
        waiting = [
            threading.Thread(target=lambda at=at: seen.append(runner.wait_for("audit", at, SOON)))
            for at in range(1, 11)
        ]
        for thread in waiting:
            thread.start()
        for number in range(10):
            submit(log, f"project-p{number}", created())
        for thread in waiting:
            thread.join()
    assert seen == [True] * 10


def test_a_view_in_trouble_holds_up_no_other_and_mends_by_itself(log: SqliteLog, views: Path) -> None:
    views.mkdir()
    (views / "library.db").mkdir()
    position = submit(log, "media-m1", found("m1", "/media/a.mp4"))
    with Kept(log, views) as runner:
        assert runner.wait_for("audit", position, SOON)
        eventually(lambda: any(status.error for status in runner.status()))
        troubled = {status.name: (status.error, status.lag) for status in runner.status() if status.error}
        assert [(name, lag) for name, (_, lag) in troubled.items()] == [("library", 1)]
        (views / "library.db").rmdir()
        assert runner.wait_for("library", position, SOON)
        eventually(lambda: not any(status.error for status in runner.status()))


def test_a_view_that_is_damaged_while_it_runs_is_made_again(log: SqliteLog, views: Path) -> None:
    with Kept(log, views) as runner:
        position = submit(log, "media-m1", found("m1", "/media/a.mp4"))
        assert runner.wait_for("library", position, SOON)
    size = (views / "library.db").stat().st_size
    (views / "library.db").write_bytes(b"SQLite format 3\0" + b"\xff" * (size - 16))
    with Kept(log, views) as runner:
        position = submit(log, "media-m2", found("m2", "/media/b.mp4"))
        assert runner.wait_for("library", position, SOON)
        assert [video.id for video in Queries(views).videos(10).items] == ["m1", "m2"]


def test_a_view_that_somebody_removes_is_made_again(log: SqliteLog, views: Path) -> None:
    with Kept(log, views) as runner:
        runner.wait_for("library", submit(log, "media-m1", found("m1", "/media/a.mp4")), SOON)
        for file in views.glob("library.db*"):
            file.unlink()
        position = submit(log, "media-m2", found("m2", "/media/b.mp4"))
        assert runner.wait_for("library", position, SOON)
        assert len(Queries(views).videos(10).items) == 2


def altered(projection: Projection, **fields: object) -> Projection:
    from dataclasses import replace

    return replace(projection, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [{"version": 2}, {"basis": "another fold"}])
def test_other_code_rebuilds_beside_the_old_rows(log: SqliteLog, views: Path, change: dict[str, object]) -> None:
    position = submit(log, "media-m1", found("m1", "/media/a.mp4"))
    with Kept(log, views, [library.projection()]) as runner:
        assert runner.wait_for("library", position, SOON)
    with sqlite3.connect(views / "library.db") as spoilt:
        spoilt.execute("UPDATE media SET video = 'rows of the old code'")
    with Kept(log, views, [altered(library.projection(), **change)]) as runner:
        assert runner.wait_for("library", position, SOON)
        eventually(lambda: runner.status()[0].rebuilding is None)
    with sqlite3.connect(views / "library.db") as connection:
        assert connection.execute("SELECT video FROM media").fetchone()[0].startswith("{")
        kept = connection.execute("SELECT version, basis FROM standing").fetchone()
    assert kept == (change.get("version", 1), change.get("basis", ""))


def test_views_of_another_log_are_rebuilt(log: SqliteLog, views: Path, tmp_path: Path) -> None:
    other = SqliteLog(tmp_path / "other.db", "normal")
    with Kept(other, views, [timelines.projection()]) as runner:
        runner.wait_for("timelines", submit(other, "project-p1", created("Other")), SOON)
    other.close()
    submit(log, "project-p1", created("Mine"))
    with Kept(log, views, [timelines.projection()]):
        eventually(lambda: [project.name for project in Queries(views).projects(10).items] == ["Mine"])


class Gate:
    """The log, which keeps back whoever rebuilds until it is opened."""

    def __init__(self, log: SqliteLog) -> None:
        self._log = log
        self.open = threading.Event()
        self.on_commit = log.on_commit
        self.position = log.position

    def read_all(self, after: int, limit: int) -> list[Record]:
        if after and threading.current_thread().name.startswith("rebuild-"):
            assert self.open.wait(SOON)
        return self._log.read_all(after, min(limit, 2))


def test_while_one_is_rebuilt_it_is_read_and_the_others_go_on(log: SqliteLog, views: Path) -> None:
    for number in range(1, 4):
        submit(log, f"media-m{number}", found(f"m{number}", f"/media/{number}.mp4"))
    with Kept(log, views) as runner:
        assert runner.wait_for("library", 3, SOON)
    gate, queries = Gate(log), Queries(views)
    changed = [altered(library.projection(), basis="other code"), timelines.projection()]
    runner = Runner(gate, views, changed)
    runner.start()
    eventually(lambda: runner.status()[0].rebuilding == 2)
    position = submit(log, "project-p1", created("Meanwhile"))
    assert runner.wait_for("timelines", position, SOON)
    assert not runner.wait_for("library", position, 600)  # says so at once: what is there now is all there is
    found_now = queries.videos(10)
    assert ([video.id for video in found_now.items], found_now.position) == (["m1", "m2", "m3"], 3)
    status = runner.status()[0]
    assert (status.served, status.position, status.lag, status.error) == (True, 3, 1, None)
    gate.open.set()
    eventually(lambda: runner.status()[0].rebuilding is None)
    assert runner.wait_for("library", position, SOON)
    runner.stop()


def test_rows_of_another_shape_are_not_read_meanwhile(log: SqliteLog, views: Path) -> None:
    submit(log, "media-m1", found("m1", "/media/1.mp4"))
    submit(log, "media-m2", found("m2", "/media/2.mp4"))
    before = altered(library.projection(), version=0)
    with Kept(log, views, [before]) as runner:
        assert runner.wait_for("library", 2, SOON)
    gate, queries = Gate(log), Queries(views)
    runner = Runner(gate, views, [library.projection()])
    runner.start()
    eventually(lambda: runner.status()[0].rebuilding == 2)
    assert not runner.status()[0].served
    with pytest.raises(Refused, match="view_unavailable"):
        queries.videos(10)
    gate.open.set()
    eventually(lambda: runner.status()[0].served)
    assert len(queries.videos(10).items) == 2
    runner.stop()


def test_a_rebuild_ends_with_the_runner(log: SqliteLog, views: Path) -> None:
    for number in range(1, 4):
        submit(log, f"media-m{number}", found(f"m{number}", f"/media/{number}.mp4"))
    gate = Gate(log)
    with Kept(log, views, [library.projection()]) as runner:
        assert runner.wait_for("library", 3, SOON)
    runner = Runner(gate, views, [altered(library.projection(), basis="other code")])
    runner.start()
    eventually(lambda: runner.status()[0].rebuilding == 2)
    threading.Timer(0.1, gate.open.set).start()
    runner.stop()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("rebuild-")]


def test_a_rebuild_that_fails_is_told_and_tried_again(
    log: SqliteLog, views: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    position = submit(log, "media-m1", found("m1", "/media/1.mp4"))
    with Kept(log, views, [library.projection()]) as runner:
        assert runner.wait_for("library", position, SOON)
    flip, room = Rebuild.flip, threading.Event()

    def no_room(rebuild: Rebuild, path: Path, log: Log) -> None:
        if not room.is_set():
            raise apsw.FullError("no room")
        flip(rebuild, path, log)

    monkeypatch.setattr(Rebuild, "flip", no_room)
    with Kept(log, views, [altered(library.projection(), basis="other code")]) as runner:
        eventually(lambda: runner.status()[0].error == "FullError: no room")
        assert len(Queries(views).videos(10).items) == 1
        room.set()
        eventually(lambda: (runner.status()[0].error, runner.status()[0].rebuilding) == (None, None))
