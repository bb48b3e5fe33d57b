"""Groups in sentences: clips that move together."""

from typing import Any

from domain.timeline.events import ClipChanged
from tests.domain.scenario import S, Scenario, clip, given, track


def scene(*more: dict[str, Any]) -> Scenario:
    """A picture and its sound in a group, and a picture that is in none."""
    laid = [clip("a", 1, 2), clip("b", 5, 2), clip("s", 2, 2, on="m", source="song")]
    return given(track("v"), track("w"), track("m", "audio"), *laid, group("a", "s"), *more)


def group(*clips: str, name: str = "g") -> dict[str, Any]:
    return {"op": "group_clips", "id": name, "clips": list(clips)}


def move(name: str, at: Any, **fields: Any) -> dict[str, Any]:
    return {"op": "move_clip", "clip": name, "at": at, **fields}


def test_what_is_in_a_group_moves_with_it_and_nothing_else_does() -> None:
    scene().when(move("a", 0)).then(ClipChanged("a", at=0), ClipChanged("s", at=S))
    scene().when({"op": "update_clip", "clip": "s", "at": 12}).then(
        ClipChanged("s", at=12 * S), ClipChanged("a", at=11 * S)
    )
    scene().when(move("a", 8, track="w")).then(ClipChanged("a", track="w", at=8 * S), ClipChanged("s", at=9 * S))
    scene().when(move("b", 10)).then(ClipChanged("b", at=10 * S))


def test_what_does_not_move_a_clip_leaves_its_group_alone() -> None:
    scene().when({"op": "update_clip", "clip": "a", "volume": 0}).then(ClipChanged("a", volume=0))
    scene().when({"op": "trim_clip", "clip": "a", "in_point": 1}).then(ClipChanged("a", in_point=S))
    scene().when({"op": "move_clip", "clip": "a", "track": "w"}).then(ClipChanged("a", track="w"))


def test_a_group_moves_whole_or_not_at_all() -> None:
    scene().when(move("a", 4)).refuses("clips_overlap", "ops[0].at")
    given(track("v"), track("m", "audio"), clip("a", 1, 2), clip("s", 0, 2, on="m", source="song")).when(
        group("a", "s"), move("a", 0)
    ).refuses("outside_timeline", "ops[1].at", op=1)
    locked = {"op": "update_track", "track": "m", "locked": True}
    scene(locked).when(move("a", 0)).refuses("track_locked", "ops[0].track")
    scene().when(move("a", 0, ripple=True)).refuses("invalid_field", "ops[0].ripple")


def test_a_clip_is_in_one_group_and_none_after_ungrouping() -> None:
    scene().when(group("a", "b", name="h")).then(ClipChanged("a", group="h"), ClipChanged("b", group="h"))
    scene().when(group("a", "s")).then()
    apart = {"op": "ungroup_clips", "group": "g"}
    scene().when(apart).then(ClipChanged("a", group=""), ClipChanged("s", group=""))
    scene(apart).when(move("a", 0)).then(ClipChanged("a", at=0))
    scene(apart).when(apart).refuses("unknown_group", "ops[0].group")
    scene().when(group()).refuses("invalid_field", "ops[0].clips")
    scene().when(group("a", "b", name="no id")).refuses("invalid_id", "ops[0].id")


def test_a_group_is_seen_in_the_document_and_nowhere_in_the_film() -> None:
    after = scene().when(group("a", "b", name="h"))
    clips = {one["id"]: one["group"] for track in after.document()["tracks"] for one in track["clips"]}
    assert clips == {"a": "h", "b": "h", "s": "g"}
    assert after.invalidates() == []


def test_both_parts_of_a_cut_stay_in_the_group() -> None:
    after = scene().when({"op": "split_clip", "clip": "a", "at": 2, "id": "a2"}, move("a2", 9))
    starts = {one["id"]: one["timeline_start"] for track in after.document()["tracks"] for one in track["clips"]}
    assert (starts["a"], starts["a2"], starts["s"]) == (8, 9, 9)
