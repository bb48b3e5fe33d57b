"""One small file and a name in the catalogue make a projection: kept up, rebuilt, checked and shown like the others."""

from pathlib import Path

import pytest

from adapters.views.reading import open_reader, view_path
from adapters.views.replay import replay
from projections import catalogue
from tests.http.client import Caller
from tests.http.server import serving
from tests.projections import busy
from tests.projections.story import Story, created, track


@pytest.fixture(autouse=True)
def one_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "MODULES", (*catalogue.MODULES, busy))


def rows(views: Path) -> list[tuple[str, int]]:
    return open_reader(view_path(views, busy.projection())).execute("SELECT * FROM actors ORDER BY 1").fetchall()


def test_it_is_rebuilt_and_checked(tmp_path: Path) -> None:
    story = Story()
    story.tell("project-p1", created(), track("t1"), actor="ann")
    story.tell("project-p2", created(), actor="bob")
    assert replay(story, tmp_path, check=False)[-1].name == "busy"
    assert rows(tmp_path) == [("ann", 2), ("bob", 1)]
    assert replay(story, tmp_path, check=True)[-1].difference is None
    view_path(tmp_path, busy.projection()).unlink()
    assert replay(story, tmp_path, check=True)[-1].difference is not None


def test_it_is_kept_up_by_a_server(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        api.project()
        position = running.behind.position()
        assert running.behind.views.wait_for("busy", position, 10)
        assert rows(tmp_path / "data" / "views") == [("tester", position)]
        assert api.get("/system/projections")["items"][-1]["name"] == "busy"
