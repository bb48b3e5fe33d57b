"""Batches, conditions, idempotency keys, dry runs, undo and redo."""

import threading
from typing import Any

import pytest

from tests.http.client import Caller, read, refused

Op = dict[str, Any]


def lay(name: str, at: Any, film: str, **fields: Any) -> Op:
    return {"op": "add_clip", "id": name, "track": "v", "source": film, "at": at, "out_point": 1, **fields}


def test_a_batch_answers_what_it_did(api: Caller, film: str) -> None:
    project = api.project()
    done = api.edit(project, lay("a", 0, film), lay("b", 5, film), {"op": "update_track", "track": "v", "muted": True})
    assert (done["version"], done["created"], done["changed"]) == (6, ["a", "b"], ["v"])
    assert done["invalidated"] == [{"start": 0, "end": 1}, {"start": 5, "end": 6}]


def test_a_batch_is_all_or_nothing(api: Caller, film: str) -> None:
    project = api.project()
    with api.nothing_happens(project):
        body = {"ops": [lay("a", 0, film), lay("b", "0.5", film)]}
        problem = refused(api.send("POST", f"/projects/{project}/edits", body), 409, "clips_overlap", "ops[1].at")
    assert problem["failing_op"] == 1
    assert problem["conflicts"] == ["b", "a"]


def test_a_dry_run_says_what_the_edit_does_and_does_nothing(api: Caller, film: str) -> None:
    project = api.project()
    ops = [
        {"op": "add_track", "type": "video"},
        lay("a", 0, film) | {"track": "$0"},
        {"op": "split_clip", "clip": "a", "at": "0.5"},
    ]
    with api.nothing_happens(project):
        dry = api.do("POST", f"/projects/{project}/edits", {"ops": ops, "dry_run": True, "rationale": "a try"})
    done = api.edit(project, *ops)
    assert dry.pop("dry_run") is True
    assert dry == done


def test_an_expected_version_that_has_passed_is_a_conflict(api: Caller) -> None:
    project = api.project()
    rename = {"op": "rename_project", "name": "x"}
    with api.nothing_happens(project):
        response = api.send("POST", f"/projects/{project}/edits", {"ops": [rename], "expected_version": 2})
        assert refused(response, 409, "version_conflict", "expected_version")["current_version"] == 3
    assert api.edit(project, rename, expected_version=3)["version"] == 4


def test_a_stale_if_match_is_refused_before_anything_else(api: Caller) -> None:
    project = api.project()
    with api.nothing_happens(project):
        response = api.send("PATCH", f"/projects/{project}/tracks/v", {"name": "x"}, If_Match='"2"')
        assert refused(response, 412, "stale_etag", "If-Match")["current_version"] == 3
        refused(api.send("PATCH", f"/projects/{project}/tracks/v", {"name": "x"}, If_Match="3"), 422, "invalid_field")
    response = api.send("PATCH", f"/projects/{project}/tracks/v", {"name": "x"}, If_Match='"9", "3"')
    assert response.headers["etag"] == '"4"'
    api.do("PATCH", f"/projects/{project}/tracks/v", {"name": "y"}, If_Match="*")


def test_the_same_request_twice_happens_once(api: Caller) -> None:
    project = api.project()
    body = {"ops": [{"op": "add_track", "type": "audio"}]}
    first = api.send("POST", f"/projects/{project}/edits", body, Idempotency_Key="k-once")
    with api.nothing_happens(project):
        again = api.send("POST", f"/projects/{project}/edits", body, Idempotency_Key="k-once")
        other = api.send("POST", f"/projects/{project}/edits", {"ops": body["ops"] * 2}, Idempotency_Key="k-once")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    refused(other, 422, "key_reused", "Idempotency-Key")


def test_a_key_is_its_actors_own(api: Caller) -> None:
    project = api.project()
    body = {"type": "audio"}
    other = Caller(api.running, actor="someone-else")
    one = api.do("POST", f"/projects/{project}/tracks", body, Idempotency_Key="k-own")
    two = other.do("POST", f"/projects/{project}/tracks", body, Idempotency_Key="k-own")
    assert one["id"] != two["id"]


def test_a_refused_request_does_not_use_up_its_key(api: Caller, film: str) -> None:
    project = api.project()
    path = f"/projects/{project}/edits"
    body = {"ops": [lay("a", 0, film) | {"track": "new"}]}
    refused(api.send("POST", path, body, Idempotency_Key="k-later"), 404, "unknown_track")
    api.edit(project, {"op": "add_track", "type": "video", "id": "new"})
    assert read(api.send("POST", path, body, Idempotency_Key="k-later"))["created"] == ["a"]


def test_the_same_key_at_the_same_moment_happens_once(api: Caller) -> None:
    project = api.project()
    body = {"ops": [{"op": "add_track", "type": "audio", "id": "once"}]}
    answers: list[Any] = []

    def send() -> None:
        caller = Caller(api.running)
        answers.append(caller.send("POST", f"/projects/{project}/edits", body, Idempotency_Key="k-race"))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.content for answer in answers} == {answers[0].content}
    assert {answer.status_code for answer in answers} == {200}
    assert api.get(f"/projects/{project}")["version"] == 4


def test_of_many_who_expect_the_same_version_one_wins(api: Caller) -> None:
    project = api.project()
    statuses: list[int] = []

    def send(number: int) -> None:
        body = {"ops": [{"op": "add_track", "type": "audio", "id": f"t{number}"}], "expected_version": 3}
        statuses.append(Caller(api.running).send("POST", f"/projects/{project}/edits", body).status_code)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 11
    assert api.get(f"/projects/{project}")["version"] == 4


def test_writers_without_conditions_all_get_through(api: Caller) -> None:
    project = api.project()
    versions: list[int] = []

    def send(number: int) -> None:
        caller = Caller(api.running, actor=f"writer-{number}")
        for step in range(5):
            done = caller.edit(project, {"op": "add_track", "type": "audio", "id": f"t{number}-{step}"})
            versions.append(done["version"])

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(versions) == list(range(4, 34))
    assert len(api.get(f"/projects/{project}")["tracks"]) == 32


def test_an_edit_that_changes_nothing_is_no_edit(api: Caller) -> None:
    project = api.project()
    with api.nothing_happens(project):
        done = api.edit(project, {"op": "update_track", "track": "v", "muted": False})
    assert (done["version"], done["edit_id"]) == (3, None)


def test_undo_and_redo_go_back_and_forth(api: Caller, film: str) -> None:
    project = api.project()
    api.edit(project, lay("a", 0, film))
    kept = api.get(f"/projects/{project}")["tracks"]
    api.edit(project, {"op": "remove_track", "track": "v"})
    undone = api.do("POST", f"/projects/{project}/undo")
    assert api.get(f"/projects/{project}")["tracks"] == kept
    assert undone["invalidated"] == [{"start": 0, "end": 1}]
    api.do("POST", f"/projects/{project}/undo", {"count": 1})
    assert api.get(f"/projects/{project}")["tracks"][0]["clips"] == []
    api.do("POST", f"/projects/{project}/redo", {"count": 2})
    assert [track["id"] for track in api.get(f"/projects/{project}")["tracks"]] == ["m"]
    refused(api.send("POST", f"/projects/{project}/redo"), 409, "nothing_to_redo")


def test_nobody_undoes_what_another_did(api: Caller) -> None:
    project = api.project()
    other = Caller(api.running, actor="other")
    other.edit(project, {"op": "rename_project", "name": "theirs"})
    api.do("POST", f"/projects/{project}/undo")
    assert (api.get(f"/projects/{project}")["name"], api.get(f"/projects/{project}")["tracks"]) == ("theirs", [])
    refused(api.send("POST", f"/projects/{project}/undo"), 409, "nothing_to_undo")
    api.do("POST", f"/projects/{project}/undo", {"actor": "*"})
    assert api.get(f"/projects/{project}")["name"] == "made for a test"


def test_what_others_wrote_over_is_kept_and_said(api: Caller) -> None:
    project = api.project()
    other = Caller(api.running, actor="other")
    api.edit(project, {"op": "rename_project", "name": "mine"})
    other.edit(project, {"op": "rename_project", "name": "theirs"})
    assert api.do("POST", f"/projects/{project}/undo")["masked"] == [{"id": "project", "field": "name"}]
    assert api.get(f"/projects/{project}")["name"] == "theirs"


def test_what_others_stand_on_is_not_undone(api: Caller) -> None:
    project = api.project()
    other = Caller(api.running, actor="other")
    api.edit(project, {"op": "add_track", "id": "t", "type": "video"})
    theirs = other.edit(project, {"op": "update_track", "track": "t", "name": "theirs"})
    with api.nothing_happens(project):
        problem = refused(api.send("POST", f"/projects/{project}/undo"), 409, "edit_has_dependents")
    assert problem["conflicts"] == [theirs["edit_id"]]


@pytest.mark.parametrize(
    "body", [{"count": 0}, {"count": -1}, {"count": 1001}, {"count": "1"}, {"count": True}, {"n": 1}]
)
def test_undo_takes_sensible_counts(api: Caller, body: Any) -> None:
    project = api.project()
    with api.nothing_happens(project):
        refused(api.send("POST", f"/projects/{project}/undo", body), 422, "invalid_field")


def test_the_history_says_who_did_what_and_whether_it_counts(api: Caller) -> None:
    project = api.project()
    api.edit(project, {"op": "rename_project", "name": "x"}, rationale="a better name")
    api.do("POST", f"/projects/{project}/undo")
    items = api.get(f"/projects/{project}/history")["items"]
    assert [item["ops"] for item in items] == [
        ["undo"],
        ["rename_project"],
        ["add_track", "add_track"],
        ["create_project"],
    ]
    renamed = items[1]
    assert (renamed["state"], renamed["actor"], renamed["rationale"]) == ("reverted", "tester", "a better name")
    first = api.get(f"/projects/{project}/history?limit=2")
    rest = api.get(f"/projects/{project}/history?limit=2&cursor={first['next_cursor']}")
    assert first["items"] + rest["items"] == items
    assert rest["next_cursor"] is None


def test_an_edit_of_someone_who_bypassed_the_cache_is_seen(api: Caller) -> None:
    """What another part of the program appends moves the project on: the next edit is decided anew on top of it."""
    import msgspec

    from adapters.eventstore.edits import Edit, NewFact
    from domain.timeline.events import ProjectRenamed

    project = api.project()
    fact = NewFact("project_renamed.1", msgspec.msgpack.encode(ProjectRenamed("from the side")))
    edit = Edit(
        edit_id="side",
        stream=f"project-{project}",
        expected_version=3,
        facts=[fact],
        actor="side",
        kind="edit",
        command=b"{}",
        correlation_id="side",
    )
    api.running.behind.log.submit(edit).result(10)
    assert api.edit(project, {"op": "update_track", "track": "v", "muted": True})["version"] == 5
    assert api.get(f"/projects/{project}")["name"] == "from the side"
