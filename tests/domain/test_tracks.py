"""Decisions about tracks and the film's format, in sentences."""

from typing import Any

import pytest

from domain.time import FrameRate
from domain.timeline.decide.project import frame_rate
from domain.timeline.events import (
    ClipRemoved,
    Output,
    OutputSet,
    ProjectRenamed,
    Rate,
    Track,
    TrackAdded,
    TrackChanged,
    TrackRemoved,
    TracksOrdered,
)
from tests.domain.scenario import Scenario, clip, given, title, track


def plain(name: str, kind: str = "video") -> Track:
    return Track(name, kind, "", 1_000_000, muted=False, hidden=False, locked=False)


def test_a_track_goes_on_top_unless_told_otherwise() -> None:
    given(track("a"), track("b")).when(track("c")).then(TrackAdded(plain("c"), 2))
    given(track("a"), track("b")).when(track("c", index=0)).then(TrackAdded(plain("c"), 0))


def test_a_track_cannot_go_where_there_is_no_place() -> None:
    given(track("a")).when(track("b", index=2)).refuses("out_of_range", "ops[0].index")
    given(track("a")).when(track("b", index=-1)).refuses("out_of_range", "ops[0].index")


def test_an_update_says_only_what_changes() -> None:
    scene = given(track("a", name="A"), track("b"))
    scene.when({"op": "update_track", "track": "a", "name": "A", "muted": True, "volume": 0, "index": 1}).then(
        TrackChanged("a", muted=True, volume=0), TracksOrdered(["b", "a"])
    )


def test_an_update_that_changes_nothing_is_no_edit() -> None:
    given(track("a")).when({"op": "update_track", "track": "a", "muted": False, "index": 0}).then()


def test_removing_a_track_removes_what_lies_on_it() -> None:
    scene = given(track("v"), clip("x", 0, 2), clip("y", 5, 2))
    scene.when({"op": "remove_track", "track": "v"}).then(ClipRemoved("x"), ClipRemoved("y"), TrackRemoved("v"))


def test_tracks_are_ordered_all_or_not_at_all() -> None:
    scene = given(track("a"), track("b"))
    scene.when({"op": "reorder_tracks", "tracks": ["b", "a"]}).then(TracksOrdered(["b", "a"]))
    given(track("a"), track("b")).when({"op": "reorder_tracks", "tracks": ["a", "b"]}).then()
    given(track("a"), track("b")).when({"op": "reorder_tracks", "tracks": ["b"]}).refuses(
        "not_a_permutation", "ops[0].tracks"
    )


LOCKED = given(
    track("v"),
    track("w"),
    clip("a", 0, 2),
    clip("b", 2, 2),
    clip("c", 0, 2, on="w"),
    title("t", "a"),
    {"op": "group_clips", "id": "g", "clips": ["a", "c"]},
    {"op": "update_track", "track": "v", "locked": True},
).before


@pytest.mark.parametrize(
    "asked",
    [
        clip("new", 9, 1),
        {"op": "update_clip", "clip": "a", "volume": 0},
        {"op": "move_clip", "clip": "a", "at": 9},
        {"op": "move_clip", "clip": "a", "track": "w", "at": 9},
        {"op": "move_clip", "clip": "c", "track": "v", "at": 9},
        {"op": "move_clip", "clip": "c", "at": 9},  # its group reaches onto the locked track
        {"op": "trim_clip", "clip": "a", "out_point": 1},
        {"op": "split_clip", "clip": "a", "at": 1},
        {"op": "remove_clip", "clip": "a"},
        {"op": "replace_source", "clip": "a", "source": "silent"},
        {"op": "roll_edit", "clip": "a", "at": 1},
        {"op": "slip_clip", "clip": "a", "in_point": 1},
        {"op": "slide_clip", "clip": "b", "at": 3},
        title("t2", "a"),
        {"op": "update_effect", "effect": "t", "params": {"text": "other"}},
        {"op": "remove_effect", "effect": "t"},
        {"op": "ungroup_clips", "group": "g"},
        {"op": "apply_layout", "layout": "side_by_side", "clips": ["a", "c"]},
        {"op": "remove_track", "track": "v"},
    ],
    ids=str,
)
def test_what_lies_on_a_locked_track_is_left_alone(asked: dict[str, Any]) -> None:
    Scenario(LOCKED).when(asked).refuses("track_locked", "ops[0].track")


def test_a_locked_track_itself_is_named_ordered_hidden_and_unlocked() -> None:
    told = {"name": "N", "muted": True, "hidden": True, "index": 1}
    Scenario(LOCKED).when({"op": "update_track", "track": "v", **told}).then(
        TrackChanged("v", name="N", muted=True, hidden=True), TracksOrdered(["w", "v"])
    )
    unlock = {"op": "update_track", "track": "v", "locked": False}
    assert Scenario(LOCKED).when(unlock, {"op": "remove_track", "track": "v"}).refused is None


def test_the_format_keeps_what_is_not_named() -> None:
    given().when({"op": "set_output", "fps": "30000/1001"}).then(
        OutputSet(Output(1920, 1080, Rate(30_000, 1001), 48_000, "#000000"))
    )
    given().when({"op": "set_output", "width": 1920}).then()


@pytest.mark.parametrize("fps", ["29.97", "30/0", "", "x", "-30", "1/2/3"])
def test_what_is_no_rate_is_refused(fps: str) -> None:
    given().when({"op": "set_output", "fps": fps}).refuses("rate_unsupported", "ops[0].fps")


def test_a_rate_is_in_lowest_terms() -> None:
    assert frame_rate(FrameRate("60/2")) == Rate(30, 1)
    assert frame_rate(FrameRate(25)) == Rate(25, 1)


def test_a_project_is_renamed_once() -> None:
    given().when({"op": "rename_project", "name": "new"}).then(ProjectRenamed("new"))
    given().when({"op": "rename_project", "name": "scenario"}).then()


def test_an_unknown_track_is_named() -> None:
    given().when({"op": "update_track", "track": "no"}).refuses("unknown_track", "ops[0].track")
