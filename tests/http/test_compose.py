"""Layouts over HTTP: discovered, applied as an edit, refused by name."""

import pytest

from adapters.app.asking import encoded
from tests.http.client import BASE, Caller, read, refused


@pytest.fixture
def project(api: Caller, film: str) -> str:
    """One clip on each of two video tracks."""
    made = api.project()
    api.do("POST", f"/projects/{made}/tracks", {"id": "w", "type": "video"})
    for name, track in (("a", "v"), ("b", "w")):
        clip = {"id": name, "track": track, "source": film, "at": 0, "out_point": 1}
        api.do("POST", f"/projects/{made}/clips", clip)
    return made


def test_every_example_of_discovery_is_an_edit_that_can_be_undone(api: Caller, project: str) -> None:
    items = api.get("/compose/layouts")["items"]
    assert {"picture_in_picture", "side_by_side", "top_and_bottom", "grid", "rectangles"} == {
        of["layout"] for of in items
    }
    before = api.get(f"/projects/{project}")
    for of in items:
        body = {"layout": of["layout"], "clips": ["a", "b"], **of["example"]}
        response = api.raw("POST", f"{BASE}/projects/{project}/compose", encoded(body | {"rationale": "to see"}))
        answer = read(response)
        assert response.headers["etag"] == f'"{answer["version"]}"'
        assert {"a", "b"} >= set(answer["changed"]) > set() and answer["invalidated"]
        api.do("POST", f"/projects/{project}/undo", {})
        assert api.get(f"/projects/{project}")["tracks"] == before["tracks"]


def test_a_layout_is_an_op_of_a_batch_too(api: Caller, project: str) -> None:
    op = {"op": "apply_layout", "layout": "side_by_side", "clips": ["a", "b"], "params": {"ratio": 0.25}}
    api.edit(project, op)
    assert float(api.get(f"/projects/{project}/clips/b")["transform"]["x"]) == 0.25


def test_what_is_no_layout_changes_nothing(api: Caller, project: str) -> None:
    path = f"/projects/{project}/compose"
    with api.nothing_happens(project):
        refused(api.send("POST", path, {"layout": "heap", "clips": ["a", "b"]}), 422, "unknown_layout", "layout")
        beneath = api.send("POST", path, {"layout": "picture_in_picture", "clips": ["b", "a"]})
        refused(beneath, 422, "lies_beneath", "clips")
        loose = api.send("POST", path, {"layout": "grid", "clips": ["a"], "params": {"size": 1}})
        refused(loose, 422, "bad_parameter", "params.size")
        refused(api.send("POST", path, {"layout": "grid", "clips": ["x"]}), 404, "unknown_clip", "clip")
        refused(api.send("POST", "/projects/no/compose", {"layout": "grid", "clips": ["a"]}), 404, "unknown_project")
        stale = {"layout": "grid", "clips": ["a"], "expected_version": 1}
        refused(api.send("POST", path, stale), 409, "version_conflict")
