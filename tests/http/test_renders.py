"""Renders over REST, with no executor to do them: what is asked for, refused, cancelled."""

from pathlib import Path
from typing import Any

import pytest

from tests.http.client import Caller, refused


@pytest.fixture
def project(api: Caller, film: str) -> str:
    """A project of one second."""
    made = api.project(width=320, height=180)
    clip = {"op": "add_clip", "id": "c", "track": "v", "source": film, "at": 0, "out_point": 1}
    api.edit(made, clip)
    return made


def test_a_render_is_queued_followed_and_cancelled(api: Caller, project: str) -> None:
    response = api.send("POST", "/render/start", {"project_id": project, "preset": "draft"})
    assert response.status_code == 202
    job = response.json()["job_id"]
    shown = api.get(f"/render/jobs/{job}?wait_s=0.2")
    assert shown["status"] in ("queued", "running")
    assert (shown["project_id"], shown["version"], shown["preset"], shown["error"]) == (project, 4, "draft", None)
    assert api.get(f"/jobs/{job}")["kind"] == "render"
    refused(api.send("GET", f"/render/jobs/{job}/output"), 409, "output_not_ready")
    refused(api.send("GET", f"/render/jobs/{job}/manifest"), 409, "output_not_ready")
    assert api.get("/render/jobs?limit=1")["items"][0]["job_id"] == job
    assert api.do("POST", f"/render/jobs/{job}/cancel")["status"] == "cancelled"
    refused(api.send("POST", f"/jobs/{job}/cancel", {"force": True}), 422, "invalid_field", "force")


def test_the_same_request_is_one_render(api: Caller, project: str) -> None:
    body = {"project_id": project}
    one, two = (api.send("POST", "/render/start", body, Idempotency_Key="k-render") for _ in range(2))
    assert one.content == two.content
    assert two.headers["idempotency-replayed"] == "true"
    other = api.send("POST", "/render/start", body | {"preset": "high"}, Idempotency_Key="k-render")
    refused(other, 422, "key_reused", "Idempotency-Key")
    api.do("POST", f"/render/jobs/{one.json()['job_id']}/cancel")


def test_what_cannot_be_rendered_is_refused_at_once(api: Caller, project: str, tmp_path: Path) -> None:
    start = "/render/start"
    refused(api.send("POST", start, {"project_id": "nope"}), 404, "unknown_project")
    refused(api.send("POST", start, {"project_id": project, "version": 99}), 404, "unknown_version", "version")
    refused(api.send("POST", start, {"project_id": project, "version": 2}), 422, "nothing_to_render")
    refused(api.send("POST", start, {"project_id": project, "preset": "best"}), 422, "invalid_field", "preset")
    refused(api.send("POST", start, {"project_id": project, "range": [0, 1]}), 422, "invalid_field", "range")
    outside = {"project_id": project, "output_path": str(tmp_path / "film.mp4")}
    refused(api.send("POST", start, outside), 422, "path_not_allowed")
    relative = {"project_id": project, "output_path": "film.mp4"}
    refused(api.send("POST", start, relative), 422, "path_not_allowed")


def test_what_films_can_be_made_as_is_listed(api: Caller) -> None:
    presets = api.get("/render/presets")
    assert {"draft", "web", "archive", "hls", "gif"} <= {preset["name"] for preset in presets["items"]}
    assert {"name": "webm", "picture": ["vp9", "av1"]}.items() <= presets["containers"][3].items()
    encoders = {encoder["name"]: encoder for encoder in api.get("/render/encoders")["items"]}
    assert encoders["libx264"]["works"]
    assert all(encoder["works"] != bool(encoder["fault"]) for encoder in encoders.values())


def test_a_format_that_can_not_be_is_refused_at_once(api: Caller, project: str, tmp_path: Path) -> None:
    def start(**said: Any) -> Any:
        return api.send("POST", "/render/start", {"project_id": project, **said})

    refused(start(settings={"quality": 60}), 422, "format_unsupported", "settings.quality")
    refused(start(settings={"sharpness": 1}), 422, "invalid_field", "settings.sharpness")
    refused(start(preset="web", output_path=str(tmp_path / "film.mp4")), 422, "format_unsupported", "output_path")
    refused(start(preset="poster", range={"start": 0, "end": 1}), 422, "format_unsupported", "range.end")
    refused(start(range={"start": 5}), 422, "outside_timeline", "range")
    refused(start(range={"start": "0.5", "end": "0.5"}), 422, "empty_range", "range")
    refused(start(settings={"encoder": "h264_videotoolbox"}), 409, "encoder_unavailable", "settings.encoder")


def test_a_plan_says_what_there_is_to_do(api: Caller, project: str) -> None:
    plan = api.get(f"/render/plan?project_id={project}&preset=draft")
    assert (plan["version"], plan["frames"], plan["hits"]) == (4, 30, 0)
    assert plan["misses"] == len(plan["units"]) > 0
    assert plan["estimate_cpu_seconds"] is None
    assert sum(segment["frames"] for segment in plan["segments"]) == 30
    assert all("{out}" in unit["argv"] for unit in plan["units"])
    empty = api.project()
    refused(api.send("GET", f"/render/plan?project_id={empty}"), 422, "nothing_to_render")
