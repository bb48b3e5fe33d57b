"""The history, revert, restore, dry runs, and every project read at another time."""

from typing import Any

import pytest

from adapters.eventstore.sqlite import SqliteLog
from tests.http.client import Caller, refused

Op = dict[str, Any]


def rename(name: str) -> Op:
    return {"op": "rename_project", "name": name}


def lay(name: str, at: Any, film: str) -> Op:
    return {"op": "add_clip", "id": name, "track": "v", "source": film, "at": at, "out_point": 1}


def test_any_edit_is_reverted_and_what_was_written_over_it_stays(api: Caller, film: str) -> None:
    project = api.project()
    early = api.edit(project, lay("a", 0, film), rename("mine"))
    Caller(api.running, actor="other").edit(project, rename("theirs"))
    done = api.do("POST", f"/projects/{project}/revert", {"edit_id": early["edit_id"]})
    assert (done["edits"], done["masked"]) == ([early["edit_id"]], [{"id": "project", "field": "name"}])
    document = api.get(f"/projects/{project}")
    assert (document["name"], document["tracks"][0]["clips"]) == ("theirs", [])
    again = api.send("POST", f"/projects/{project}/revert", {"edit_id": early["edit_id"]})
    assert refused(again, 409, "edit_not_active")["conflicts"] == [early["edit_id"]]


def test_dependents_are_named_first_and_go_along_on_request(api: Caller, film: str) -> None:
    project = api.project()
    made = api.edit(project, lay("a", 0, film))["edit_id"]
    on_it = api.edit(project, {"op": "update_clip", "clip": "a", "volume": 0.5})["edit_id"]
    with api.nothing_happens(project):
        found = refused(api.send("POST", f"/projects/{project}/revert", {"edit_id": made}), 409, "edit_has_dependents")
        told = api.do("POST", f"/projects/{project}/revert", {"edit_id": made, "cascade": True, "dry_run": True})
    assert found["conflicts"] == [on_it]
    assert (told["dry_run"], sorted(told["edits"])) == (True, sorted([made, on_it]))
    done = api.do("POST", f"/projects/{project}/revert", {"edit_id": made, "cascade": True})
    assert {k: v for k, v in told.items() if k != "dry_run"} == done
    assert api.get(f"/projects/{project}")["tracks"][0]["clips"] == []


def test_what_began_the_project_can_not_be_reverted(api: Caller) -> None:
    project = api.project()
    first = api.get(f"/projects/{project}/history")["items"][-1]["edit_id"]
    with api.nothing_happens(project):
        refused(api.send("POST", f"/projects/{project}/revert", {"edit_id": first}), 422, "edit_not_revertible")
        refused(api.send("POST", f"/projects/{project}/revert", {"edit_id": "edit_nowhere"}), 404, "unknown_edit")
        refused(api.send("POST", f"/projects/{project}/revert", {}), 422, "invalid_field", "edit_id")


def test_restore_is_an_edit_that_can_be_undone(api: Caller, film: str) -> None:
    project = api.project()
    api.edit(project, lay("a", 0, film))
    kept = api.get(f"/projects/{project}")
    api.edit(project, {"op": "remove_track", "track": "v"})
    done = api.do("POST", f"/projects/{project}/restore", {"version": kept["version"], "rationale": "it was better"})
    assert done["created"] == ["v", "a"]
    assert api.get(f"/projects/{project}")["tracks"] == kept["tracks"]
    newest = api.get(f"/projects/{project}/history")["items"][0]
    assert (newest["ops"], newest["kind"], newest["rationale"]) == (["restore"], "restore", "it was better")
    api.do("POST", f"/projects/{project}/undo")
    assert [track["id"] for track in api.get(f"/projects/{project}")["tracks"]] == ["m"]


def test_restore_to_what_is_there_changes_nothing(api: Caller) -> None:
    project = api.project()
    with api.nothing_happens(project):
        assert api.do("POST", f"/projects/{project}/restore", {"version": 3})["edit_id"] is None
        refused(api.send("POST", f"/projects/{project}/restore", {}), 422, "invalid_field", "version")
        refused(api.send("POST", f"/projects/{project}/restore", {"version": 99}), 404, "unknown_version")
        refused(api.send("POST", f"/projects/{project}/restore", {"version": 3, "edit": "x"}), 422, "invalid_field")


@pytest.mark.parametrize("way", ["undo", "redo"])
def test_undo_and_redo_can_be_tried(api: Caller, way: str) -> None:
    project = api.project()
    api.edit(project, rename("x"))
    if way == "redo":
        api.do("POST", f"/projects/{project}/undo")
    with api.nothing_happens(project):
        told = api.do("POST", f"/projects/{project}/{way}", {"dry_run": True})
    assert told["dry_run"]
    assert told["version"] == api.do("POST", f"/projects/{project}/{way}")["version"]


def test_every_read_goes_back_by_version_time_and_edit(api: Caller, film: str) -> None:
    project = api.project()
    laid = api.edit(project, lay("a", 0, film))
    api.edit(project, {"op": "update_clip", "clip": "a", "volume": 0.25})
    api.edit(project, {"op": "remove_clip", "clip": "a"})
    entry = next(e for e in api.get(f"/projects/{project}/history")["items"] if e["edit_id"] == laid["edit_id"])
    moment = entry["recorded_at"]
    for then in (f"version={laid['version']}", f"edit={laid['edit_id']}", f"at={moment}"):
        assert api.get(f"/projects/{project}?{then}")["version"] == laid["version"]
        assert api.get(f"/projects/{project}/clips/a?{then}")["volume"] == 1
        assert [clip["id"] for clip in api.get(f"/projects/{project}/clips?{then}&limit=1")["items"]] == ["a"]
    assert api.get(f"/projects/{project}/clips")["items"] == []
    other = api.project()
    refused(api.send("GET", f"/projects/{other}?edit={laid['edit_id']}"), 404, "unknown_edit", "edit")
    refused(api.send("GET", f"/projects/{project}?edit=x&version=1"), 422, "invalid_field", "edit")


def test_the_history_is_filtered_and_paged(api: Caller) -> None:
    project = api.project()
    other = Caller(api.running, actor="other")
    for name in ("one", "two", "three"):
        api.edit(project, rename(name))
        other.edit(project, rename(name + "!"))
    path = f"/projects/{project}/history"
    assert {e["actor"] for e in api.get(f"{path}?actor=other")["items"]} == {"other"}
    masked = api.get(f"{path}?state=masked&limit=3")
    rest = api.get(f"{path}?state=masked&cursor={masked['next_cursor']}")
    assert [len(masked["items"]), len(rest["items"]), rest["next_cursor"]] == [3, 2, None]
    refused(api.send("GET", f"{path}?state=lost"), 422, "invalid_field", "state")


def test_two_states_are_compared(api: Caller, film: str) -> None:
    project = api.project()
    laid = api.edit(project, lay("a", 0, film), rename("cut"))
    api.edit(project, {"op": "update_clip", "clip": "a", "volume": 0.5})
    found = api.get(f"/projects/{project}/diff?from=3&to={laid['edit_id']}")
    assert (found["before"], found["after"]) == (3, laid["version"])
    assert [(d["kind"], d["id"], d["change"]) for d in found["items"]] == [
        ("project", "project", "changed"),
        ("clip", "a", "added"),
    ]
    assert found["lines"] == [d["text"] for d in found["items"]]
    newest = api.get(f"/projects/{project}/diff")
    assert newest["lines"] == ["~ clip a: volume 1 -> 0.5"]
    assert newest["items"][0]["fields"] == [{"field": "volume", "before": 1, "after": pytest.approx(0.5)}]
    assert api.get(f"/projects/{project}/diff?from=5&to=5")["items"] == []
    then = api.get(f"/projects/{project}/history")["items"][1]["recorded_at"]
    assert api.get(f"/projects/{project}/diff?from={then}")["lines"] == newest["lines"]


def test_each_value_says_which_edit_it_comes_from(api: Caller, film: str) -> None:
    project = api.project()
    other = Caller(api.running, actor="other")
    laid = api.edit(project, lay("a", 0, film))["edit_id"]
    quiet = other.edit(project, {"op": "update_clip", "clip": "a", "volume": 0.5}, rationale="too loud")
    found = api.get(f"/projects/{project}/blame?clip=a")["items"]
    assert [(item["field"], item["edit"]["edit_id"]) for item in found] == [
        ("volume", quiet["edit_id"]),
        (None, laid),
    ]
    assert (found[0]["edit"]["actor"], found[0]["edit"]["rationale"]) == ("other", "too loud")
    api.do("POST", f"/projects/{project}/revert", {"edit_id": quiet["edit_id"]})
    assert [i["field"] for i in api.get(f"/projects/{project}/blame?clip=a")["items"]] == [None]
    then = api.get(f"/projects/{project}/blame?clip=a&version={quiet['version']}&field=volume")["items"]
    assert then[0]["field"] == "volume"


def test_a_moment_says_what_is_there_and_who_put_it_there(api: Caller, film: str) -> None:
    project = api.project()
    api.edit(project, lay("a", 0, film), {"op": "add_track", "id": "w", "type": "video"})
    api.edit(project, {**lay("b", "0.5", film), "track": "w"})
    assert [i["id"] for i in api.get(f"/projects/{project}/blame?t=0.75")["items"]] == ["b", "a"]
    assert [i["id"] for i in api.get(f"/projects/{project}/blame?t=1")["items"]] == ["b"]
    assert api.get(f"/projects/{project}/blame?t=00:01:00.000")["items"] == []
    refused(api.send("GET", f"/projects/{project}/blame"), 422, "invalid_field", "clip")
    refused(api.send("GET", f"/projects/{project}/blame?t=soon"), 422, "invalid_field", "t")
    refused(api.send("GET", f"/projects/{project}/blame?clip=none"), 404, "unknown_clip", "clip")
    refused(api.send("GET", f"/projects/{project}/blame?clip=a&field=colour"), 422, "invalid_field", "field")


def test_the_history_and_the_plan_go_back_too(api: Caller, film: str) -> None:
    project = api.project()
    laid = api.edit(project, lay("a", 0, film))
    other = api.edit(project, {"op": "update_clip", "clip": "a", "volume": 0.5})
    api.do("POST", f"/projects/{project}/undo")
    for then in (f"version={other['version']}", f"edit={other['edit_id']}"):
        items = api.get(f"/projects/{project}/history?{then}")["items"]
        assert [(entry["edit_id"], entry["state"]) for entry in items[:2]] == [
            (other["edit_id"], "active"),
            (laid["edit_id"], "active"),
        ]
    assert api.get(f"/projects/{project}/history")["items"][1]["state"] == "reverted"
    refused(api.send("GET", f"/projects/{project}/history?version=99"), 404, "unknown_version", "version")
    plan = api.get(f"/render/plan?project_id={project}&edit={laid['edit_id']}")
    assert plan["version"] == laid["version"]


def test_a_moment_at_which_an_edit_is_being_settled_is_the_state_before_it(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = api.project()
    now = api.get(f"/projects/{project}")["version"]
    monkeypatch.setattr(SqliteLog, "version_at", lambda *_: now + 1)  # it is on disk, and nobody was told yet
    assert api.get(f"/projects/{project}?at=2099-01-01T00:00:00Z")["version"] == now
