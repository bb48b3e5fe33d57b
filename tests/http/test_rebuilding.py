"""A server whose projections are of other code than the views on disk: it answers, and says how far it is."""

import threading
from pathlib import Path

import pytest

from adapters.views.log import Log
from adapters.views.rebuild import Rebuild
from projections import timelines
from tests.http.client import Caller, read, soon
from tests.http.server import serving


def test_old_rows_are_served_while_new_ones_are_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        project = api.project()
        before = api.get("/projects")
        assert [entry["id"] for entry in before["items"]] == [project]
    step, go_on = Rebuild.step, threading.Event()

    def slowly(rebuild: Rebuild, log: Log) -> bool:
        if not rebuild.position:
            return step(rebuild, log, 1)
        assert go_on.wait(30)
        return step(rebuild, log)

    monkeypatch.setattr(timelines, "FOLD_FINGERPRINT", "another fold")
    monkeypatch.setattr(Rebuild, "step", slowly)
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        view = soon(lambda: next(v for v in api.get("/system/projections")["items"] if v["rebuilding"]))
        assert (view["name"], view["served"], view["rebuilding"]) == ("timelines", True, 1)
        api.edit(project, {"op": "rename_project", "name": "Renamed"})
        assert api.get("/projects") == before  # with the position that it is of
        assert api.get("/videos")["position"] == before["position"] + 1
        told = read(api.raw("GET", "/health/ready", None))["checks"]["views"]
        assert (told["ok"], "timelines (rebuilt up to 1 of 4; the old rows are read)" in told["detail"]) == (True, True)
        go_on.set()
        soon(lambda: [entry["name"] for entry in api.get("/projects")["items"]] == ["Renamed"])
        soon(lambda: all(v["rebuilding"] is None for v in api.get("/system/projections")["items"]))
