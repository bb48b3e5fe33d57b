"""Projects go from one log to another and come back the same."""

import json
from pathlib import Path
from typing import Any

from tests.http.client import Caller, refused
from tests.http.server import serving


def made(api: Caller, film: str) -> str:
    project = api.project(fps="30000/1001")
    api.edit(
        project,
        {"op": "add_clip", "id": "a", "track": "v", "source": film, "at": "0.1", "out_point": 1, "fade_in": "0.25"},
        {"op": "add_clip", "id": "b", "track": "v", "source": film, "at": "1.1", "in_point": "0.5", "out_point": 1},
        {"op": "add_transition", "id": "j", "from": "a", "to": "b", "type": "fade_black", "duration": "0.4"},
        {"op": "add_effect", "clip": "a", "type": "text_overlay", "id": "t", "params": {"text": "It's 100%"}},
        {"op": "add_global_effect", "type": "fade_out", "id": "g", "params": {"duration": "0.5"}},
        {"op": "update_track", "track": "m", "locked": True},
    )
    return project


def body(document: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in without}


_OWN = ("id", "version", "created_at", "modified_at")


def test_a_project_comes_back_under_another_id(api: Caller, film: str) -> None:
    project = made(api, film)
    exported = api.send("GET", f"/projects/{project}/export").text
    document = json.loads(exported, parse_float=str)
    with api.nothing_happens(project):
        refused(api.send("POST", "/projects/import", {"document": document}), 409, "project_exists", "id")
    back = api.do("POST", "/projects/import", {"document": document, "new_id": True})
    there, here = api.get(f"/projects/{back['id']}"), api.get(f"/projects/{project}")
    assert body(there, _OWN) == body(here, _OWN)
    assert [entry["ops"] for entry in api.get(f"/projects/{back['id']}/history")["items"]] == [["import"]]
    older = api.get(f"/projects/{project}/export?version=3")
    assert (older["project"]["version"], older["assets"]) == (3, [])


def test_sources_are_found_by_content_in_another_log(api: Caller, film: str, tmp_path: Path) -> None:
    document = json.loads(api.send("GET", f"/projects/{made(api, film)}/export").text, parse_float=str)
    media = tmp_path / "media"
    media.mkdir()
    (media / "under another name.mp4").write_bytes(Path(film).read_bytes())
    with serving(tmp_path / "data", media) as running:
        other = Caller(running)
        problem = refused(
            other.send("POST", "/projects/import", {"document": document}), 409, "source_missing", "assets"
        )
        assert problem["ids"] == [document["assets"][0]["sha256"]]
        job = other.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
        assert other.get(f"/jobs/{job}?wait_s=30")["status"] == "completed"
        back = other.do("POST", "/projects/import", {"document": document, "name": "Taken in"})
        assert back["id"] == document["project"]["id"]
        clip = other.get(f"/projects/{back['id']}/clips/a")
        assert (clip["source"] != document["assets"][0]["id"], clip["id"]) == (True, "a")


def test_a_document_that_is_none_is_refused(api: Caller, film: str) -> None:
    document = json.loads(api.send("GET", f"/projects/{made(api, film)}/export").text, parse_float=str)
    for wrong in ({}, {"format": "stoat-project.2"}, {**document, "project": {}}, {**document, "assets": None}):
        refused(api.send("POST", "/projects/import", {"document": wrong, "new_id": True}), 422, "invalid_field")
    document["project"]["tracks"][0]["clips"][0]["out_point"] = "99"
    sent = api.send("POST", "/projects/import", {"document": document, "new_id": True})
    refused(sent, 422, "outside_source", "project.tracks[0].clips[0].out_point")
