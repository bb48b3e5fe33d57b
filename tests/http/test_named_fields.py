"""A refusal names the field of the request that whoever asked would change."""

from pathlib import Path
from typing import Any

import pytest

from tests.http.client import Caller, refused


def start(api: Caller, **body: Any) -> Any:
    return api.send("POST", "/render/start", body)


@pytest.fixture
def project(api: Caller, film: str) -> str:
    """A project of one second."""
    made = api.project(width=320, height=180)
    api.edit(made, {"op": "add_clip", "id": "c", "track": "v", "source": film, "at": 0, "out_point": 1})
    return made


def test_of_a_render(api: Caller, project: str, tmp_path: Path) -> None:
    refused(start(api, project_id="nobody"), 404, "unknown_project", "project_id")
    refused(start(api, project_id=project, output_path="/etc/x.mp4"), 422, "path_not_allowed", "output_path")
    refused(start(api, project_id=project, output_path="x.mp4"), 422, "path_not_allowed", "output_path")
    refused(start(api, project_id=project, version=99), 404, "unknown_version", "version")
    refused(start(api, project_id=project, range={"start": 9}), 422, "outside_timeline", "range")
    refused(api.send("GET", "/render/plan?project_id=nobody"), 404, "unknown_project", "project_id")
    refused(api.send("GET", f"/render/plan?project_id={project}&start=9"), 422, "outside_timeline", "start")


def test_of_two_states_that_are_compared(api: Caller, project: str) -> None:
    path = f"/projects/{project}/diff"
    for side in ("from", "to"):
        refused(api.send("GET", f"{path}?{side}=99"), 404, "unknown_version", side)
        refused(api.send("GET", f"{path}?{side}=no_edit"), 404, "unknown_edit", side)
        refused(api.send("GET", f"{path}?{side}=1999-12-31T00:00"), 404, "unknown_version", side)
        refused(api.send("GET", f"{path}?{side}=12:00"), 422, "invalid_field", side)


def test_of_a_merge_and_of_an_edit_of_the_past(api: Caller, project: str) -> None:
    at = f"/projects/{project}"
    refused(api.send("POST", f"{at}/merge", {"source": "nobody"}), 404, "unknown_project", "source")
    refused(api.send("POST", f"{at}/revert", {"edit_id": "edit_x"}), 404, "unknown_edit", "edit_id")
    refused(api.send("POST", f"{at}/what-if", {"edit_id": "edit_x", "ops": []}), 404, "unknown_edit", "edit_id")
    first = api.get(f"{at}/history")["items"][-1]["edit_id"]
    refused(api.send("POST", f"{at}/revert", {"edit_id": first}), 422, "edit_not_revertible", "edit_id")
    refused(api.send("POST", f"{at}/restore", {"edit": "edit_x"}), 404, "unknown_edit", "edit")


def test_a_source_that_was_taken_out_is_named(api: Caller, media: Path, project: str) -> None:
    clip = api.get(f"/projects/{project}/clips/c")["source"]
    api.do("DELETE", f"/videos/{clip}")
    try:
        problem = refused(start(api, project_id=project), 409, "source_missing", "project_id")
        assert f"hello_720p30.mp4 ({clip}) was taken out of the library" in problem["detail"]
    finally:
        job = api.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
        assert api.get(f"/jobs/{job}?wait_s=30")["status"] == "completed"
