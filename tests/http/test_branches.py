"""Forks, merges and what-ifs: projects from projects, decided by the same rules as everything."""

from typing import Any

import pytest

from tests.http.client import Caller, refused

Op = dict[str, Any]


def lay(name: str, at: Any, film: str) -> Op:
    return {"op": "add_clip", "id": name, "track": "v", "source": film, "at": at, "out_point": 1}


def volume(clip: str, gain: Any) -> Op:
    return {"op": "update_clip", "clip": clip, "volume": gain}


def clips(api: Caller, project: str) -> dict[str, Any]:
    return {clip["id"]: clip["volume"] for clip in api.get(f"/projects/{project}/clips")["items"]}


@pytest.fixture
def scene(api: Caller, film: str) -> tuple[str, str]:
    """A project with clips a and b, and a fork of it."""
    project = api.project()
    api.edit(project, lay("a", 0, film), lay("b", 2, film))
    return project, api.do("POST", f"/projects/{project}/fork", {"name": "branch"})["id"]


def merge(api: Caller, project: str, source: str, **more: Any) -> Any:
    return api.send("POST", f"/projects/{project}/merge", {"source": source, **more})


def test_a_fork_begins_as_the_project_was(api: Caller, film: str) -> None:
    project = api.project()
    laid = api.edit(project, lay("a", 0, film))
    api.edit(project, volume("a", 0.5))
    made = api.send("POST", f"/projects/{project}/fork", {"version": laid["version"], "id": f"{project}-x"[-60:]})
    fork = made.json()["id"]
    assert made.headers["Location"] == f"/api/v1/projects/{fork}"
    there, here = api.get(f"/projects/{fork}"), api.get(f"/projects/{project}?version={laid['version']}")
    assert (there["tracks"], there["output"]) == (here["tracks"], here["output"])
    assert there["name"] == "made for a test (fork)"
    assert [entry["ops"] for entry in api.get(f"/projects/{fork}/history")["items"]] == [["fork"]]
    refused(api.send("POST", f"/projects/{fork}/undo"), 409, "nothing_to_undo")
    with api.nothing_happens(project):
        api.do("POST", f"/projects/{project}/fork", {"dry_run": True})
        refused(api.send("POST", f"/projects/{project}/fork", {"id": fork}), 409, "project_exists")
        refused(api.send("POST", f"/projects/{project}/fork", {"name": " "}), 422, "invalid_field", "name")
        refused(api.send("POST", f"/projects/{project}/fork", {"version": 99}), 404, "unknown_version")


def test_a_condition_on_a_fork_is_about_the_project_that_is_there(api: Caller, scene: tuple[str, str]) -> None:
    project, _ = scene
    edit = api.get(f"/projects/{project}/history")["items"][0]["edit_id"]
    for path, body in (("fork", {}), ("what-if", {"edit_id": edit, "ops": []})):
        tag = api.send("GET", f"/projects/{project}").headers["etag"]
        made = api.do("POST", f"/projects/{project}/{path}", body, If_Match=tag, Idempotency_Key=f"{project}-{path}")
        api.edit(project, volume("a", "0.25" if path == "fork" else "0.75"))
        refused(api.send("POST", f"/projects/{project}/{path}", body, If_Match=tag), 412, "stale_etag", "If-Match")
        again = api.do("POST", f"/projects/{project}/{path}", body, If_Match=tag, Idempotency_Key=f"{project}-{path}")
        assert again == made
    api.do("POST", f"/projects/{project}/revert", {"edit_id": edit, "cascade": True})
    refused(api.send("POST", f"/projects/{project}/what-if", body), 409, "edit_not_active")
    assert (
        api.do("POST", f"/projects/{project}/what-if", body, If_Match=tag, Idempotency_Key=f"{project}-what-if") == made
    )


def test_what_a_fork_did_comes_back_as_one_edit(api: Caller, scene: tuple[str, str], film: str) -> None:
    project, fork = scene
    api.edit(fork, volume("a", 0.5))
    made = api.edit(fork, {**lay("c", 4, film)}, {"op": "add_effect", "clip": "$0", "type": "fade_in"})
    api.edit(fork, {"op": "rename_project", "name": "undone"})
    api.do("POST", f"/projects/{fork}/undo")
    api.edit(project, volume("b", 2))
    with api.nothing_happens(project):
        tried = merge(api, project, fork, dry_run=True).json()
    done = merge(api, project, fork).json()
    assert [o["outcome"] for o in done["replayed"]] == [o["outcome"] for o in tried["replayed"]] == ["applied"] * 2
    assert clips(api, project) == {"a": 0.5, "b": 2, "c": 1}
    effect = api.get(f"/projects/{project}/clips/c")["effects"][0]["id"]
    assert effect in made["created"]
    assert api.get(f"/projects/{project}")["name"] == "made for a test"
    api.do("POST", f"/projects/{project}/undo")
    assert clips(api, project) == {"a": 1, "b": 2}


def test_merging_again_brings_only_what_is_new(api: Caller, scene: tuple[str, str], film: str) -> None:
    project, fork = scene
    api.edit(fork, volume("a", 0.5))
    merge(api, project, fork)
    with api.nothing_happens(project):
        assert merge(api, project, fork).json()["edit_id"] is None
    newer = api.edit(fork, lay("c", 4, film))["edit_id"]
    assert [o["edit_id"] for o in merge(api, project, fork).json()["replayed"]] == [newer]


def test_a_merge_goes_both_ways(api: Caller, scene: tuple[str, str], film: str) -> None:
    project, fork = scene
    api.edit(fork, volume("a", 0.5))
    api.edit(project, volume("b", 2))
    merge(api, project, fork)
    back = merge(api, fork, project).json()
    assert [o["outcome"] for o in back["replayed"]] == ["applied"]
    assert clips(api, project) == clips(api, fork) == {"a": 0.5, "b": 2}
    api.edit(fork, lay("c", 4, film))
    assert len(merge(api, project, fork).json()["replayed"]) == 1
    assert clips(api, project) == clips(api, fork)


def test_a_conflict_stops_the_merge_and_says_how_to_go_on(api: Caller, scene: tuple[str, str], film: str) -> None:
    project, fork = scene
    mine = api.edit(fork, volume("a", 0.5))["edit_id"]
    place = api.edit(fork, lay("c", 4, film))["edit_id"]
    fine = api.edit(fork, volume("b", 2))["edit_id"]
    api.edit(project, volume("a", 0.25), lay("d", 4, film))
    with api.nothing_happens(project):
        tried = merge(api, project, fork, dry_run=True).json()
        problem = refused(merge(api, project, fork), 409, "merge_conflict", "source")
    assert (tried["version"], tried["edit_id"], tried["changed"]) == (problem["current_version"], None, [])
    assert tried["replayed"] == problem["replayed"]
    assert problem["conflicts"] == [mine, place]
    told = {outcome["edit_id"]: outcome for outcome in problem["replayed"]}
    assert told[fine]["outcome"] == "applied"
    assert {clash["entity"] for clash in told[mine]["clashes"]} == {"a"}
    assert told[place]["suggested_ops"] == [{**lay("c", 4, film), "at": "end"}]
    done = merge(api, project, fork, skip=[mine, place]).json()
    assert [o["outcome"] for o in done["replayed"]] == ["skipped", "skipped", "applied"]
    api.edit(project, *told[place]["suggested_ops"])
    assert clips(api, project) == {"a": 0.25, "b": 2, "c": 1, "d": 1}
    with api.nothing_happens(project):
        refused(merge(api, project, fork, skip=["edit_x"]), 404, "unknown_edit", "skip")


def test_what_was_taken_back_here_is_in_nobodys_way(api: Caller, scene: tuple[str, str]) -> None:
    project, fork = scene
    api.edit(project, {"op": "remove_clip", "clip": "a"})
    api.do("POST", f"/projects/{project}/undo")
    api.edit(project, volume("b", 2))
    api.edit(project, volume("b", 1))
    api.edit(fork, volume("a", 0.5), volume("b", 0.5))
    assert [outcome["outcome"] for outcome in merge(api, project, fork).json()["replayed"]] == ["applied"]
    assert clips(api, project) == {"a": 0.5, "b": 0.5}
    # there it is 0.5 since; here it was set back to what it had been before
    api.edit(project, volume("b", 1))
    api.edit(fork, volume("b", 2))
    refused(merge(api, project, fork), 409, "merge_conflict")


def test_a_conflict_where_all_else_is_alike_has_its_ops_ready(api: Caller, scene: tuple[str, str]) -> None:
    project, fork = scene
    api.edit(project, {"op": "rename_project", "name": "here"})
    there = {"op": "rename_project", "name": "there"}
    api.edit(fork, there)
    told = refused(merge(api, project, fork), 409, "merge_conflict")["replayed"]
    assert [outcome["suggested_ops"] for outcome in told] == [[there]]


def test_what_was_merged_and_undone_there_is_undone_here(api: Caller, scene: tuple[str, str]) -> None:
    project, fork = scene
    api.edit(fork, volume("a", 0.5))
    merge(api, project, fork)
    api.do("POST", f"/projects/{fork}/undo")
    assert merge(api, project, fork).json()["edit_id"]
    assert clips(api, project) == {"a": 1, "b": 1}


def test_a_fork_of_half_an_edit_gets_the_other_half_by_a_merge(api: Caller, film: str) -> None:
    project = api.project()
    made = api.edit(project, lay("a", 0, film), lay("b", 2, film), volume("a", 0.5))
    api.edit(project, volume("b", 2))
    fork = api.do("POST", f"/projects/{project}/fork", {"version": made["version"] - 2})["id"]
    assert clips(api, fork) == {"a": 1}
    told = merge(api, fork, project).json()["replayed"]
    assert [outcome["outcome"] for outcome in told] == ["applied"] * 2
    assert clips(api, fork) == clips(api, project) == {"a": 0.5, "b": 2}
    with api.nothing_happens(fork):
        assert merge(api, fork, project).json()["edit_id"] is None


def test_strangers_are_not_merged(api: Caller, scene: tuple[str, str]) -> None:
    project, stranger = scene[0], api.project()
    with api.nothing_happens(project):
        refused(merge(api, project, stranger), 422, "not_a_fork", "source")
        refused(merge(api, project, project), 422, "not_a_fork", "source")
        refused(merge(api, project, "nobody"), 404, "unknown_project")


def test_a_past_edit_is_changed_and_the_rest_decided_again(api: Caller, film: str) -> None:
    project = api.project()
    laid = api.edit(project, lay("a", 0, film), lay("b", 2, film))["edit_id"]
    api.edit(project, volume("a", 0.5))
    gone = api.edit(project, volume("b", 2))["edit_id"]
    path = f"/projects/{project}/what-if"
    body = {"edit_id": laid, "ops": [lay("a", 5, film)], "name": "later"}
    with api.nothing_happens(project):
        tried = api.do("POST", path, {**body, "dry_run": True})
    made = api.do("POST", path, body)
    told = {outcome["edit_id"]: outcome for outcome in made["replayed"]}
    assert [o["outcome"] for o in made["replayed"]] == ["applied", "conflict"]
    assert (told[gone]["code"], tried["replayed"]) == ("unknown_clip", made["replayed"])
    clip = api.get(f"/projects/{made['id']}/clips/a")
    assert (clip["timeline_start"], clip["volume"]) == (5, pytest.approx(0.5))
    without = api.do("POST", path, {"edit_id": gone, "ops": []})["id"]
    assert clips(api, without) == {"a": 0.5, "b": 1}
    first = api.get(f"/projects/{project}/history")["items"][-1]["edit_id"]
    refused(api.send("POST", path, {"edit_id": first, "ops": []}), 422, "edit_not_revertible")
    refused(api.send("POST", path, {"edit_id": "edit_x", "ops": []}), 404, "unknown_edit")
