"""Transitions over REST: what there is, the routes of one, and its past."""

from decimal import Decimal
from typing import Any

import pytest

from tests.http.client import Caller, read, refused

DISSOLVE = {"id": "d", "from": "a", "to": "b", "type": "dissolve", "duration": "0.5"}


@pytest.fixture
def cut(api: Caller, film: str) -> str:
    """A project with two clips side by side, each with a second of its source before it and five after it."""
    project = api.project()
    lay = {"op": "add_clip", "track": "v", "source": film, "in_point": 1, "out_point": 3}
    api.edit(project, {**lay, "id": "a", "at": 0}, {**lay, "id": "b", "at": 2})
    return project


def joined(api: Caller, project: str) -> list[dict[str, Any]]:
    return list(api.get(f"/projects/{project}")["transitions"])


def test_the_catalogue_says_what_each_takes(api: Caller) -> None:
    items = {item["transition_type"]: item for item in api.get("/transitions")["items"]}
    assert items["fade_color"]["parameters"]["color"]["default"] == "#808080"
    assert [name for name, item in items.items() if item["audio_tracks"]] == ["crossfade"]
    assert all(item["description"] and item["ai_hint"] and item["category"] for item in items.values())


def test_they_come_change_and_go(api: Caller, cut: str) -> None:
    path = f"/projects/{cut}/transitions"
    response = api.send("POST", path, DISSOLVE)
    made = read(response)
    assert (response.status_code, made["created"], made["invalidated"]) == (
        201,
        ["d"],
        [{"start": Decimal("1.75"), "end": Decimal("2.25")}],
    )
    assert joined(api, cut)[0]["timeline_start"] == Decimal("1.75")
    api.do("PATCH", f"{path}/d", {"type": "fade_color", "params": {"color": "teal"}, "align": "end"})
    changed = joined(api, cut)[0]
    assert (changed["type"], changed["params"], changed["timeline_end"]) == ("fade_color", {"color": "teal"}, 2)
    api.do("DELETE", f"{path}/d")
    assert joined(api, cut) == []
    refused(api.send("DELETE", f"{path}/d"), 404, "unknown_transition", "transition")


def test_a_refusal_says_how_much_there_is_and_changes_nothing(api: Caller, cut: str) -> None:
    with api.nothing_happens(cut):
        answer = api.send("POST", f"/projects/{cut}/transitions", {**DISSOLVE, "duration": 3})
    refused(answer, 422, "no_handles", "duration")
    assert "needs 1.5 s of its source before its in_point, and has 1 s" in answer.text
    api.do("POST", f"/projects/{cut}/transitions", DISSOLVE)
    with api.nothing_happens(cut):
        moved = api.send("PATCH", f"/projects/{cut}/clips/b", {"at": 5})
        refused(moved, 409, "transition_broken", "at")
        refused(api.send("POST", f"/projects/{cut}/transitions", {**DISSOLVE, "id": "e"}), 409, "transitions_overlap")


def test_their_past_can_be_told_and_taken_back(api: Caller, cut: str) -> None:
    version = api.do("POST", f"/projects/{cut}/transitions", DISSOLVE)["version"]
    api.do("PATCH", f"/projects/{cut}/transitions/d", {"duration": 1})
    lines = api.get(f"/projects/{cut}/diff?from={version - 1}&to={version + 1}")["lines"]
    assert lines == ["+ transition d: dissolve from a to b, 1 s"]
    origins = api.get(f"/projects/{cut}/blame?clip=b")["items"]
    told = [(each["field"], each["edit"]["ops"]) for each in origins if each["kind"] == "transition"]
    assert told == [("duration", ["update_transition"]), (None, ["add_transition"])]
    api.do("POST", f"/projects/{cut}/undo")
    assert joined(api, cut)[0]["duration"] == Decimal("0.5")
    api.do("POST", f"/projects/{cut}/undo")
    assert joined(api, cut) == []
    api.do("POST", f"/projects/{cut}/redo", {"count": 2})
    assert joined(api, cut)[0]["duration"] == 1


def test_a_clip_that_was_taken_away_comes_back_with_them(api: Caller, cut: str) -> None:
    api.do("POST", f"/projects/{cut}/transitions", DISSOLVE)
    api.do("DELETE", f"/projects/{cut}/clips/b")
    assert joined(api, cut) == []
    api.do("POST", f"/projects/{cut}/undo")
    assert [each["id"] for each in joined(api, cut)] == ["d"]


def test_what_stands_on_an_edit_keeps_it_from_going_alone(api: Caller, cut: str) -> None:
    slipped = api.edit(cut, {"op": "slip_clip", "clip": "b", "in_point": 2})["edit_id"]
    api.do("POST", f"/projects/{cut}/transitions", {**DISSOLVE, "duration": 2, "align": "end"})
    with api.nothing_happens(cut):
        refused(api.send("POST", f"/projects/{cut}/revert", {"edit_id": slipped}), 409, "edit_has_dependents")
    api.do("POST", f"/projects/{cut}/revert", {"edit_id": slipped, "cascade": True})
    assert joined(api, cut) == []


@pytest.mark.parametrize(
    ("theirs", "accepted"),
    [
        ({"op": "update_clip", "clip": "a", "volume": "0.5"}, True),
        ({"op": "add_effect", "clip": "a", "type": "grayscale"}, True),
        ({"op": "slip_clip", "clip": "a", "in_point": "0.5"}, False),
        ({"op": "remove_clip", "clip": "b"}, False),
    ],
)
def test_a_stale_one_is_decided_again_where_its_clips_are_what_they_were(
    api: Caller, cut: str, theirs: dict[str, Any], accepted: bool
) -> None:
    version = api.get(f"/projects/{cut}")["version"]
    api.edit(cut, theirs)
    body = {"ops": [{"op": "add_transition", **DISSOLVE}], "expected_version": version, "on_conflict": "rebase"}
    answer = api.send("POST", f"/projects/{cut}/edits", body)
    if accepted:
        assert read(answer)["rebased_from"] == version
    else:
        refused(answer, 409, "edit_conflict")


def test_a_fork_brings_them_along_and_a_merge_back(api: Caller, cut: str) -> None:
    fork = api.do("POST", f"/projects/{cut}/fork", {"name": "another"})["id"]
    api.do("POST", f"/projects/{fork}/transitions", DISSOLVE)
    api.edit(cut, {"op": "update_clip", "clip": "b", "volume": "0.5"})
    api.do("POST", f"/projects/{cut}/merge", {"source": fork})
    assert [each["id"] for each in joined(api, cut)] == ["d"]
