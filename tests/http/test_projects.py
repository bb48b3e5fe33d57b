"""Projects: made, listed, looked at in any version, changed, ended."""

import json
from decimal import Decimal

from tests.http.client import BASE, Caller, read, refused


def test_a_project_is_made_with_the_format_that_was_asked_for(api: Caller) -> None:
    response = api.send(
        "POST", "/projects", {"name": "Film", "output": {"width": 1280, "height": 720, "fps": "30000/1001"}}
    )
    assert response.status_code == 201
    made = read(response)
    assert response.headers["location"] == f"{BASE}/projects/{made['id']}"
    assert response.headers["etag"] == '"1"'
    document = api.get(f"/projects/{made['id']}")
    expected = {"width": 1280, "height": 720, "fps": "30000/1001", "sample_rate": 48000, "background": "#000000"}
    assert document["output"] == expected
    assert (document["name"], document["version"], document["tracks"]) == ("Film", 1, [])


def test_an_id_may_be_chosen_once(api: Caller) -> None:
    api.do("POST", "/projects", {"name": "a", "id": "chosen"})
    refused(api.send("POST", "/projects", {"name": "b", "id": "chosen"}), 409, "project_exists", "id")
    refused(api.send("POST", "/projects", {"name": "b", "id": "not good"}), 422, "invalid_id", "id")


def test_a_refused_creation_does_not_take_the_id(api: Caller) -> None:
    refused(api.send("POST", "/projects", {"name": "a", "id": "free", "output": {"width": 3}}), 422, "out_of_range")
    api.do("POST", "/projects", {"name": "a", "id": "free"})


def test_the_list_has_what_was_just_made_and_pages_fit_together(api: Caller) -> None:
    wanted = [api.do("POST", "/projects", {"name": f"p{n}"})["id"] for n in range(3)]
    found, cursor = [], ""
    while True:
        page = api.get(f"/projects?limit=2{cursor}")
        found += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert found[-3:] == wanted
    assert len(found) == len(set(found))


def test_the_etag_is_the_version_and_saves_the_body(api: Caller) -> None:
    project = api.project()
    response = api.send("GET", f"/projects/{project}")
    assert response.headers["etag"] == f'"{read(response)["version"]}"'
    again = api.send("GET", f"/projects/{project}", If_None_Match=response.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


def test_any_version_can_be_looked_at_without_moving_the_head(api: Caller, film: str) -> None:
    project = api.project()
    version = api.edit(project, {"op": "add_clip", "track": "v", "source": film, "at": 0})["version"]
    api.edit(project, {"op": "remove_track", "track": "v"})
    head = api.get(f"/projects/{project}")
    then = api.get(f"/projects/{project}?version={version}")
    assert (then["version"], len(then["tracks"][0]["clips"])) == (version, 1)
    assert len(api.get(f"/projects/{project}?version=1")["tracks"]) == 0
    assert api.get(f"/projects/{project}") == head


def test_a_time_leads_to_the_version_of_then(api: Caller) -> None:
    project = api.project()
    moment = api.get(f"/projects/{project}")["modified_at"]
    api.edit(project, {"op": "rename_project", "name": "later"})
    then = api.get(f"/projects/{project}?at={moment}")
    assert (then["version"], then["name"]) == (3, "made for a test")
    refused(api.send("GET", f"/projects/{project}?at=2001-01-01T00:00:00Z"), 404, "unknown_version", "at")
    refused(api.send("GET", f"/projects/{project}?at=yesterday"), 422, "invalid_field", "at")


def test_a_version_that_never_was_is_unknown(api: Caller) -> None:
    project = api.project()
    for version in (0, -1, 4, 10**18):
        problem = refused(api.send("GET", f"/projects/{project}?version={version}"), 404, "unknown_version")
        assert problem["current_version"] == 3
    refused(api.send("GET", f"/projects/{project}?version=2&at=2001-01-01"), 422, "invalid_field", "at")


def test_name_and_format_change_in_one_edit(api: Caller) -> None:
    project = api.project()
    body = {"name": "new", "output": {"fps": 25, "background": "#112233"}}
    assert api.do("PATCH", f"/projects/{project}", body)["version"] == 5
    document = api.get(f"/projects/{project}")
    assert (document["name"], document["output"]["fps"], document["output"]["width"]) == ("new", 25, 1920)
    api.do("POST", f"/projects/{project}/undo")
    assert api.get(f"/projects/{project}")["name"] == "made for a test"
    refused(
        api.send("PATCH", f"/projects/{project}", {"output": {"fps": "1/0"}}), 422, "rate_unsupported", "output.fps"
    )
    refused(api.send("PATCH", f"/projects/{project}", {}), 422, "invalid_field")


def test_a_deleted_project_is_gone_and_its_id_stays_taken(api: Caller) -> None:
    project = api.project()
    api.do("DELETE", f"/projects/{project}")
    refused(api.send("GET", f"/projects/{project}"), 404, "unknown_project")
    refused(api.send("POST", f"/projects/{project}/undo"), 404, "unknown_project")
    refused(api.send("DELETE", f"/projects/{project}"), 404, "unknown_project")
    refused(api.send("POST", "/projects", {"name": "x", "id": project}), 409, "project_exists")
    assert project not in [item["id"] for item in api.get("/projects?limit=500")["items"]]


def test_times_are_answered_exactly(api: Caller, film: str) -> None:
    project = api.project(fps="30000/1001")
    clip = {"op": "add_clip", "id": "c", "track": "v", "source": film, "at": {"frame": 1}, "out_point": "0.1"}
    api.edit(project, clip)
    text = api.send("GET", f"/projects/{project}").text
    assert '"timeline_start":0.033366667' in text
    found = json.loads(text, parse_float=Decimal)["tracks"][0]["clips"][0]
    assert found["out_point"] == Decimal("0.1")
    assert (found["start_frame"], found["end_frame"]) == (1, 4)
