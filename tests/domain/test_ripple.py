"""Ripple, insert and overwrite, and cuts that move between neighbours."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.scenario import Scenario, clip, given, title, track


def three() -> Scenario:
    """a, b and c of 2 s each, side by side, from seconds 1 to 3 of the film; d on another track."""
    parts = [clip(name, 2 * n, 3, in_point=1) for n, name in enumerate("abc")]
    return given(track("v"), track("w"), *parts, clip("d", 4, 2, on="w"))


def lying(scene: Scenario, on: int = 0) -> dict[str, tuple[Any, ...]]:
    """By clip: where it starts and ends, and the part of its source that it shows."""
    fields = ("timeline_start", "timeline_end", "in_point", "out_point")
    clips = scene.document()["tracks"][on]["clips"]
    return {clip["id"]: tuple(clip[name] for name in fields) for clip in clips}


def places(scene: Scenario) -> dict[str, tuple[Any, ...]]:
    return {name: where[:2] for name, where in lying(scene).items()}


def test_what_lies_behind_closes_up() -> None:
    scene = three().when({"op": "remove_clip", "clip": "b", "ripple": True})
    assert places(scene) == {"a": (0, 2), "c": (2, 4)}
    assert lying(scene, on=1)["d"][:2] == (4, 6)


def test_what_lies_behind_makes_room() -> None:
    scene = three().when(clip("x", 2, 3, ripple=True))
    assert places(scene) == {"a": (0, 2), "x": (2, 5), "b": (5, 7), "c": (7, 9)}
    three().when(clip("x", 1, 3, ripple=True)).refuses("clips_overlap", "ops[0].at")


def test_an_end_that_moves_takes_along_what_lies_behind() -> None:
    scene = three().when({"op": "trim_clip", "clip": "a", "out_point": 2, "ripple": True})
    assert places(scene) == {"a": (0, 1), "b": (1, 3), "c": (3, 5)}
    scene = three().when({"op": "trim_clip", "clip": "a", "in_point": 0, "ripple": True})
    assert places(scene) == {"a": (0, 3), "b": (3, 5), "c": (5, 7)}


@pytest.mark.parametrize(
    ("at", "order"),
    [
        (2, {"b": (0, 2), "a": (2, 4), "c": (4, 6)}),
        ("end", {"b": (0, 2), "c": (2, 4), "a": (4, 6)}),
        (10, {"b": (0, 2), "c": (2, 4), "a": (10, 12)}),
    ],
)
def test_a_clip_that_moves_closes_its_gap_and_makes_its_room(at: Any, order: dict[str, Any]) -> None:
    assert places(three().when({"op": "move_clip", "clip": "a", "at": at, "ripple": True})) == order


def test_a_clip_goes_to_another_track_with_ripple() -> None:
    scene = three().when({"op": "move_clip", "clip": "a", "at": 4, "track": "w", "ripple": True})
    assert places(scene) == {"b": (0, 2), "c": (2, 4)}
    assert {name: where[:2] for name, where in lying(scene, on=1).items()} == {"a": (4, 6), "d": (6, 8)}


def test_an_insert_cuts_what_lies_across() -> None:
    scene = three().when(clip("x", 1, 3, mode="insert"))
    ((later, where),) = ((name, where) for name, where in lying(scene).items() if name not in "abcx")
    assert lying(scene)["a"] == (0, 1, 1, 2)
    assert where == (4, 5, 2, 3)
    assert places(scene) == {"a": (0, 1), "x": (1, 4), later: (4, 5), "b": (5, 7), "c": (7, 9)}
    assert scene.decided is not None
    assert scene.decided.created == ["x"]


def test_an_overwrite_takes_what_is_in_the_way_and_moves_nothing() -> None:
    scene = three().when(clip("x", 1, 4, mode="overwrite"))
    assert lying(scene) == {"a": (0, 1, 1, 2), "x": (1, 5, 0, 4), "c": (5, 6, 2, 3)}
    three().when(clip("x", 1, 4, mode="overwrite", ripple=True)).refuses("invalid_field", "ops[0].ripple")


def test_an_overwrite_inside_a_clip_leaves_both_of_its_ends() -> None:
    scene = given(track("v"), clip("a", 0, 6), title("t", "a", start=1, duration=4))
    scene.when(clip("x", 2, 1, mode="overwrite"))
    (_, first), (_, x), (rest, second) = sorted(lying(scene).items(), key=lambda item: item[1])
    assert (first, x, second) == ((0, 2, 0, 2), (2, 3, 0, 1), (3, 6, 3, 6))
    effects = {clip["id"]: clip["effects"] for clip in scene.document()["tracks"][0]["clips"]}
    assert [(e["start"], e["duration"]) for e in effects["a"]] == [(1, 1)]
    assert [(e["start"], e["duration"]) for e in effects[rest]] == [(0, 2)]


def test_a_beheaded_clip_keeps_its_id_and_its_effects() -> None:
    scene = given(track("v"), clip("a", 0, 6), title("t", "a", start=1, duration=4))
    scene.when(clip("x", 0, 3, mode="overwrite"))
    (_, a) = sorted(scene.document()["tracks"][0]["clips"], key=lambda clip: clip["timeline_start"])
    assert (a["id"], a["in_point"], a["timeline_start"]) == ("a", 3, 3)
    assert [(e["id"], e["start"], e["duration"]) for e in a["effects"]] == [("t", 0, 2)]


def test_a_cut_rolls_between_two_clips() -> None:
    scene = three().when({"op": "roll_edit", "clip": "a", "at": "2.5"})
    half = Decimal("0.5")
    assert lying(scene) == {"a": (0, 2 + half, 1, 3 + half), "b": (2 + half, 4, 1 + half, 3), "c": (4, 6, 1, 3)}
    three().when({"op": "roll_edit", "clip": "c", "at": 6}).refuses("not_adjacent", "ops[0].clip")
    three().when({"op": "roll_edit", "clip": "a", "at": 4}).refuses("empty_range", "ops[0].at")


def test_a_clip_slips_under_its_place() -> None:
    scene = three().when({"op": "slip_clip", "clip": "b", "in_point": 7})
    assert lying(scene)["b"] == (2, 4, 7, 9)
    three().when({"op": "slip_clip", "clip": "b", "in_point": 9}).refuses("outside_source", "ops[0].in_point")


def test_a_clip_slides_between_its_neighbours() -> None:
    scene = three().when({"op": "slide_clip", "clip": "b", "at": 3})
    assert lying(scene) == {"a": (0, 3, 1, 4), "b": (3, 5, 1, 3), "c": (5, 6, 2, 3)}


def test_a_still_has_something_before_its_start() -> None:
    scene = given(track("v"), clip("a", 0, 2), clip("b", 2, 2, source="photo"))
    scene.when({"op": "roll_edit", "clip": "a", "at": 1})
    assert lying(scene) == {"a": (0, 1, 0, 1), "b": (1, 4, 0, 3)}


def test_positions_snap_to_the_nearest_frame() -> None:
    frame = Decimal(1) / 30
    scene = given(track("v")).when(clip("a", "0.99", "1.02", snap=True))
    start, end, *_ = lying(scene)["a"]
    assert (start, round(end / frame)) == (1, 61)
    scene = Scenario(scene.after).when({"op": "move_clip", "clip": "a", "at": "2.51", "snap": True})
    assert lying(scene)["a"][0] == Decimal("2.5")
    scene = Scenario(scene.after).when({"op": "trim_clip", "clip": "a", "out_point": "0.49", "snap": True})
    assert lying(scene)["a"][1] == 3


def test_a_picture_is_cut_between_its_frames_and_a_sound_anywhere() -> None:
    cut = {"op": "split_clip", "clip": "a", "at": "1.01", "id": "b"}
    assert lying(given(track("v"), clip("a", "0.01", 4)).when(cut))["b"][:3] == (Decimal("1.01"), Decimal("4.01"), 1)
    assert lying(given(track("v"), clip("a", 0, 4)).when(cut))["b"][0] == 1
    sound = given(track("s", "audio"), clip("a", 0, 4, on="s", source="song")).when(cut)
    assert lying(sound)["b"][0] == Decimal("1.01")
