"""A log in which facts lie in shapes that were given up: everything reads it as if they were today's.

No fact has an older shape yet, so these are made up; the table that they are put into is the one that production reads.
"""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog
from domain import catalogue
from domain.errors import Refused
from domain.upcasting import Shapes, Upcaster
from tests.http.client import Caller
from tests.http.server import serving
from tests.projections.story import created, found, requested, track

OLDER = {
    "project_begun.1": Upcaster("project_begun.2", lambda said: {"title": said["t"], "output": said["output"]}),
    "project_begun.2": Upcaster("project_created.1", lambda said: {"name": said["title"], "output": said["output"]}),
    "media_seen.1": Upcaster("media_found.1", lambda said: {"media": said["file"], "description": said["description"]}),
    "render_wanted.1": Upcaster("render_requested.1", lambda said: {"preset": "standard", **said}),
}


def fields(fact: msgspec.Struct) -> dict[str, Any]:
    said: dict[str, Any] = msgspec.msgpack.decode(msgspec.msgpack.encode(fact))
    del said["type"]
    return said


def write(log: SqliteLog, stream: str, **facts: dict[str, Any]) -> None:
    """One edit; ``project_begun_1`` is the tag ``project_begun.1``."""
    tags = {f"{name[:-2]}.{name[-1]}": said for name, said in facts.items()}
    new = [NewFact(tag, msgspec.msgpack.encode({"type": tag, **said})) for tag, said in tags.items()]
    edit = Edit(edit_id=f"edit-{stream}", stream=stream, expected_version=0, facts=new, actor="ann", kind="edit",
                command=b"{}", correlation_id="c1")  # fmt: skip
    log.submit(edit).result(timeout=10)


def test_older_shapes_are_read_by_everything_and_shown_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = [fact.__struct_config__.tag for fact in catalogue.FACTS]
    monkeypatch.setattr(catalogue, "SHAPES", Shapes(newest, OLDER))
    (tmp_path / "data").mkdir()
    log = SqliteLog(tmp_path / "data" / "log.db", "normal")
    begun = {"t": "Begun", "output": fields(created())["output"]}
    write(log, "project-p1", project_begun_1=begun, track_added_1=fields(track("v")))
    begun = {"title": "Later", "output": fields(created())["output"]}
    write(log, "project-p2", project_begun_2=begun)
    seen = fields(found("m1", "/media/a.mp4"))
    write(log, "media-m1", media_seen_1={"file": "m1", "description": seen["description"]})
    wanted = fields(requested("r1", "p1", 2))
    del wanted["preset"]
    write(log, "render-r1", render_wanted_1=wanted, render_cancelled_1={})
    log.close()
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        assert [project["name"] for project in api.get("/projects")["items"]] == ["Begun", "Later"]
        assert (api.get("/projects/p1")["name"], api.get("/projects/p1")["version"]) == ("Begun", 2)
        assert api.edit("p1", {"op": "rename_project", "name": "Now"})["version"] == 3
        assert api.do("POST", "/projects/p1/undo", {})["version"] == 5
        assert [entry["state"] for entry in api.get("/projects/p1/history")["items"]] == [
            "active",
            "reverted",
            "active",
        ]
        assert api.get("/videos/m1")["path"] == "/media/a.mp4"
        assert api.get("/render/jobs/r1")["status"] == "cancelled"
        told = [entry["type"] for entry in api.get("/audit?until=2100-01-01")["items"]]
        assert {"project_begun.1", "project_begun.2", "media_seen.1", "render_wanted.1"} <= set(told)
        first = api.get("/events?types=project_created")["items"][0]
        assert first["type"].endswith(".project_created.1")
        assert first["data"]["name"] == "Begun"
        assert running.behind.log.verify().ok
        assert [status.parked for status in running.behind.views.status()] == [0, 0, 0, 0]


def test_a_log_with_facts_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    log = SqliteLog(tmp_path / "data" / "log.db", "normal")
    write(log, "project-p1", project_created_1=fields(created()), clip_teleported_1={"clip": "c"})
    log.close()
    with pytest.raises(Refused, match=r"unknown_fact: .*clip_teleported\.1"):
        with serving(tmp_path / "data", tmp_path):
            pass
    again = SqliteLog(tmp_path / "data" / "log.db", "normal")  # nobody holds it any more
    assert (again.position(), again.verify().ok) == (2, True)
    again.close()
    replayed = stoat(tmp_path, "replay")
    assert (replayed.returncode, "[unknown_fact]" in replayed.stderr, "or newer" in replayed.stderr) == (1, True, True)


def stoat(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STOAT_DATA_DIR": str(folder / "data")}
    argv = [sys.executable, "-m", "adapters.cli", *words]
    return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60)
