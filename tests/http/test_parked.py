"""A fact in the log that no projection can digest: the server runs, and says where it is in every way that it has."""

import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from adapters.eventstore.edits import Edit, NewFact
from adapters.eventstore.sqlite import SqliteLog
from tests.http.client import Caller, read
from tests.http.server import serving
from tests.projections.story import created


def put(log: SqliteLog, stream: str, payload: bytes) -> None:
    fact = NewFact("project_created.1", payload)
    edit = Edit(edit_id=stream, stream=stream, expected_version=0, facts=[fact], actor="ann", kind="edit",
                command=b"{}", correlation_id="c1")  # fmt: skip
    log.submit(edit).result(timeout=10)


def test_a_poisoned_fact_is_parked_and_shown(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    log = SqliteLog(tmp_path / "data" / "log.db", "normal")
    put(log, "project-good", msgspec.msgpack.encode(created("Good")))
    put(log, "project-bad", b"\xc1")
    put(log, "project-later", msgspec.msgpack.encode(created("Later")))
    log.close()
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        assert [project["name"] for project in api.get("/projects")["items"]] == ["Good", "Later"]
        timelines, *others = api.get("/system/projections")["items"]
        assert (timelines["position"], timelines["lag"], timelines["parked"]) == (3, 0, 1)
        (fact,) = timelines["first_parked"]
        assert (fact["position"], fact["stream"], fact["tag"]) == (2, "project-bad", "project_created.1")
        assert fact["error"].startswith("Refused: malformed_fact")
        assert [view["parked"] for view in others] == [0, 0, 0]
        told = read(api.raw("GET", "/health/ready", None))["checks"]["views"]
        assert (told["ok"], "1 facts not digested, the first at position 2" in told["detail"]) == (True, True)
        metrics = api.raw("GET", "/metrics", None).text
        assert 'video_editor_projection_parked_events{projection="timelines"} 1.0' in metrics
        environment = {**os.environ, "STOAT_URL": running.url}
        argv = [sys.executable, "-m", "adapters.cli", "projections"]
        shown = subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60)
        assert "timelines could not digest 2 project-bad@1 project_created.1" in shown.stderr
        shown = subprocess.run([*argv, "--json"], capture_output=True, text=True, env=environment, timeout=60)
        assert json.loads(shown.stdout)["items"][0]["parked"] == 1
        assert "can't be read" in api.get("/audit?stream=project-bad")["items"][0]["summary"]
