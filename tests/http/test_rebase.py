"""Stale edits: decided again where nothing they are about has changed, else refused with all it takes to go on."""

import threading
from typing import Any

import pytest

from tests.http.client import Caller, read, refused

Op = dict[str, Any]


def lay(name: str, at: Any, film: str) -> Op:
    return {"op": "add_clip", "id": name, "track": "v", "source": film, "at": at, "out_point": 1}


def volume(clip: str, gain: Any) -> Op:
    return {"op": "update_clip", "clip": clip, "volume": gain}


@pytest.fixture
def scene(api: Caller, film: str) -> tuple[str, int]:
    """A project with clips at 0, 2 and 4 s, and its version."""
    project = api.project()
    return project, api.edit(project, lay("a", 0, film), lay("b", 2, film), lay("c", 4, film))["version"]


def stale(api: Caller, project: str, version: int, *ops: Op, **more: Any) -> Any:
    body = {"ops": list(ops), "expected_version": version, "on_conflict": "rebase", **more}
    return api.send("POST", f"/projects/{project}/edits", body)


@pytest.mark.parametrize(
    ("theirs", "mine"),
    [
        (volume("a", 0.5), volume("b", 0.25)),
        (volume("a", 0.5), {"op": "update_clip", "clip": "a", "fit": "cover"}),
        ({"op": "move_clip", "clip": "a", "at": 8}, {"op": "move_clip", "clip": "b", "at": 10}),
        ({"op": "rename_project", "name": "x"}, {"op": "remove_clip", "clip": "c"}),
        ({"op": "add_effect", "clip": "a", "type": "fade_in"}, {"op": "add_effect", "clip": "a", "type": "fade_out"}),
    ],
)
def test_what_is_about_other_things_is_decided_on_the_newest(
    api: Caller, scene: tuple[str, int], theirs: Op, mine: Op
) -> None:
    project, version = scene
    newest = api.edit(project, theirs)["version"]
    with api.nothing_happens(project):
        tried = read(stale(api, project, version, mine, dry_run=True))
    done = read(stale(api, project, version, mine))
    assert (done["rebased_from"], done["version"] > newest) == (version, True)
    assert tried["rebased_from"] == version
    refused(
        api.send("POST", f"/projects/{project}/edits", {"ops": [mine], "expected_version": version}),
        409,
        "version_conflict",
    )


@pytest.mark.parametrize(
    ("theirs", "mine", "about"),
    [
        (volume("a", 0.5), volume("a", 0.25), "a"),
        ({"op": "remove_clip", "clip": "a"}, volume("a", 0.25), "a"),
        (volume("a", 0.5), {"op": "remove_clip", "clip": "a"}, "a"),
        ({"op": "move_clip", "clip": "a", "at": 6}, {"op": "move_clip", "clip": "b", "at": "6.5"}, "a"),
        ({"op": "remove_track", "track": "v"}, volume("a", 0.5), "a"),
        (volume("a", 0.5), {"op": "remove_track", "track": "v"}, "a"),
        (
            {"op": "trim_clip", "clip": "a", "out_point": "0.5"},
            {"op": "add_effect", "clip": "a", "type": "fade_in"},
            "a",
        ),
        ({"op": "set_output", "fps": 25}, {"op": "move_clip", "clip": "a", "at": {"frame": 200}}, "project"),
        ({"op": "rename_project", "name": "x"}, {"op": "rename_project", "name": "y"}, "project"),
        ({"op": "group_clips", "clips": ["a", "b"]}, {"op": "move_clip", "clip": "a", "at": 9}, "a"),
    ],
)
def test_what_is_about_the_same_is_refused_with_what_came(
    api: Caller, scene: tuple[str, int], theirs: Op, mine: Op, about: str
) -> None:
    project, version = scene
    came = Caller(api.running, actor="other").edit(project, theirs)
    with api.nothing_happens(project):
        problem = refused(stale(api, project, version, mine), 409, "edit_conflict", "expected_version")
    assert problem["conflicts"] == [came["edit_id"]]
    assert problem["current_version"] == came["version"]
    assert {fact["actor"] for fact in problem["facts"]} == {"other"}
    assert about in problem["current"]


def test_the_suggested_ops_are_accepted_as_they_are(api: Caller, scene: tuple[str, int], film: str) -> None:
    project, version = scene
    api.edit(project, lay("d", 6, film), {"op": "remove_clip", "clip": "b"}, volume("a", 0.5))
    mine = [lay("e", "6.5", film), volume("b", 2), volume("a", 0.25)]
    problem = refused(stale(api, project, version, *mine), 409, "edit_conflict")
    assert problem["suggested_ops"] == [{**mine[0], "at": "end"}, mine[2]]
    assert problem["current"]["b"] is None
    assert problem["current"]["a"]["volume"] == pytest.approx(0.5)
    done = api.edit(project, *problem["suggested_ops"], expected_version=problem["current_version"])
    assert done["created"] == ["e"]


def test_a_rebase_needs_the_version_that_it_starts_from(api: Caller, scene: tuple[str, int]) -> None:
    project, version = scene
    body = {"ops": [volume("a", 1)], "on_conflict": "rebase"}
    with api.nothing_happens(project):
        refused(api.send("POST", f"/projects/{project}/edits", body), 422, "invalid_field", "expected_version")
        refused(stale(api, project, version + 9, volume("a", 0)), 409, "version_conflict", "expected_version")
        refused(stale(api, project, 0, volume("a", 0)), 409, "version_conflict", "expected_version")


def test_the_entity_tag_says_which_version_it_starts_from(api: Caller, scene: tuple[str, int]) -> None:
    project, version = scene
    api.edit(project, volume("a", 0.5))
    path, ops = f"/projects/{project}/edits", [volume("b", 0.5)]
    done = api.do("POST", path, {"ops": ops, "on_conflict": "rebase"}, If_Match=f'"{version}"')
    assert done["rebased_from"] == version
    clash = {"ops": [volume("a", 0.25)], "on_conflict": "rebase"}
    with api.nothing_happens(project):
        problem = refused(api.send("POST", path, clash, If_Match=f'"{version}"'), 409, "edit_conflict", "If-Match")
        assert problem["facts"][0]["text"] == "clip changed: clip=a, volume=0.5"
        both = {**clash, "expected_version": version}
        refused(api.send("POST", path, both, If_Match=f'"{version - 1}"'), 412, "stale_etag", "If-Match")
        for tags in ('"1", "2"', "*", f'W/"{version}"'):
            refused(api.send("POST", path, clash, If_Match=tags), 422, "invalid_field", "expected_version")
        stale = {"ops": ops, "expected_version": version}
        assert "rebase" in refused(api.send("POST", path, stale), 409, "version_conflict")["suggestion"]


def test_what_was_taken_back_meanwhile_is_in_nobodys_way(api: Caller, scene: tuple[str, int]) -> None:
    project, version = scene
    api.edit(project, {"op": "remove_clip", "clip": "a"}, {"op": "move_clip", "clip": "b", "at": 1})
    api.do("POST", f"/projects/{project}/undo")
    assert read(stale(api, project, version, volume("a", 0.25)))["rebased_from"] == version
    api.edit(project, volume("b", 2))
    api.edit(project, volume("b", 1))
    read(stale(api, project, version, {"op": "remove_clip", "clip": "b"}))


def test_many_writers_on_their_own_clips_all_get_in(api: Caller, scene: tuple[str, int], film: str) -> None:
    project, _ = scene
    version = api.edit(project, *(lay(f"n{n}", 10 + 2 * n, film) for n in range(8)))["version"]
    codes: list[int] = []

    def write(number: int) -> None:
        own, seen = Caller(api.running, actor=f"w{number}"), version
        for gain in range(1, 6):
            response = stale(own, project, seen, volume(f"n{number}", gain))
            codes.append(response.status_code)
            seen = read(response)["version"]

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 40
    clips = api.get(f"/projects/{project}/clips")["items"]
    assert {clip["volume"] for clip in clips if clip["id"].startswith("n")} == {5}
