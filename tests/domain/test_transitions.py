"""Transitions between clips, and what becomes of them when their clips change."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.timeline.compare import compare
from domain.timeline.events import (
    ClipAdded,
    ClipChanged,
    ClipRemoved,
    Transition,
    TransitionAdded,
    TransitionChanged,
    TransitionRemoved,
)
from tests.domain.scenario import S, Scenario, clip, given, title, track


def dissolve(name: str = "d", on: str = "a", to: str = "b", /, lasting: Any = 1, **fields: Any) -> dict[str, Any]:
    """Adding one."""
    return {"op": "add_transition", "id": name, "from": on, "to": to, "type": "dissolve", "duration": lasting, **fields}


def cut(*then: dict[str, Any]) -> Scenario:
    """Three clips side by side, each with three seconds of its source on either side."""
    clips = [clip(name, 4 * place, 7, in_point=3) for place, name in enumerate("abc")]
    return given(track("v"), *clips, *then)


def test_a_clip_becomes_the_next_one() -> None:
    cut().when(dissolve()).then(TransitionAdded(Transition("d", "a", "b", "dissolve", {}, S, "center", "equal_power")))


def test_it_is_in_the_document_where_it_is_seen() -> None:
    (found,) = cut().when(dissolve(lasting="0.5", align="end", sound="cut")).document()["transitions"]
    assert found == {
        **{"id": "d", "from": "a", "to": "b", "type": "dissolve", "params": {}, "duration": Decimal("0.5")},
        **{"align": "end", "sound": "cut", "timeline_start": Decimal("3.5"), "timeline_end": 4},
        **{"start_frame": 105, "end_frame": 120},
    }


def test_nothing_moves_and_only_its_moments_are_new() -> None:
    scenario = cut().when(dissolve())
    assert scenario.document()["frames"] == 360
    assert scenario.invalidates() == [(Decimal("3.5"), Decimal("4.5"))]


def test_a_clip_that_changes_is_new_as_far_as_it_is_seen() -> None:
    changed = cut(dissolve()).when({"op": "update_clip", "clip": "b", "volume": 2})
    assert changed.invalidates() == [(Decimal("3.5"), 8)]


def test_what_was_made_before_may_be_named_by_its_place() -> None:
    ops = [clip("x", 12, 9, in_point=5), dissolve("d", "c", "$0"), {"op": "update_transition", "transition": "$1"}]
    assert cut().when(*ops, {"op": "remove_transition", "transition": "$1"}).document()["transitions"] == []


@pytest.mark.parametrize(
    ("op", "code", "path"),
    [
        (dissolve("d", "a", "c"), "not_adjacent", "ops[0].to"),
        (dissolve("d", "b", "a"), "not_adjacent", "ops[0].to"),
        (dissolve("d", "a", "a"), "not_adjacent", "ops[0].to"),
        (dissolve("d", "a", "no"), "unknown_clip", "ops[0].to"),
        (dissolve("d", "no", "b"), "unknown_clip", "ops[0].from"),
        (dissolve(type="nope"), "unknown_transition_type", "ops[0].type"),
        (dissolve(params={"x": 1}), "bad_parameter", "ops[0].params.x"),
        (dissolve("a"), "id_taken", "ops[0].id"),
        (dissolve(lasting=0), "out_of_range", "ops[0].duration"),
        (dissolve(lasting=-1), "out_of_range", "ops[0].duration"),
        (dissolve(lasting={"frame": 1}), "empty_range", "ops[0].duration"),
        (dissolve(lasting="6.1"), "no_handles", "ops[0].duration"),
        (dissolve(lasting="3.1", align="start"), "no_handles", "ops[0].duration"),
        (dissolve(lasting="3.1", align="end"), "no_handles", "ops[0].duration"),
        (dissolve(lasting=9), "transitions_overlap", "ops[0].duration"),
        ({"op": "update_transition", "transition": "no"}, "unknown_transition", "ops[0].transition"),
        ({"op": "remove_transition", "transition": "no"}, "unknown_transition", "ops[0].transition"),
    ],
)
def test_what_can_not_be_is_refused(op: dict[str, Any], code: str, path: str) -> None:
    cut().when(op).refuses(code, path)


def test_as_long_as_both_sources_reach() -> None:
    cut().when(dissolve(lasting=6)).document()


def test_a_still_has_as_much_as_is_asked_for() -> None:
    photos = [clip(name, 4 * place, 4, source="photo") for place, name in enumerate("ab")]
    assert given(track("v"), *photos).when(dissolve(lasting=8)).document()["frames"] == 240


def test_a_cut_has_one_and_a_moment_of_a_clip_too() -> None:
    cut(dissolve()).when(dissolve("e")).refuses("transitions_overlap", "ops[0].from")
    cut(dissolve(lasting=5)).when(dissolve("e", "b", "c", lasting=4)).refuses("transitions_overlap", "ops[0].duration")
    cut(dissolve(lasting=5)).when(dissolve("e", "b", "c", lasting=3)).document()


@pytest.mark.parametrize("fade", ["field", "effect"])
def test_what_fades_is_not_joined_where_it_is_gone(fade: str) -> None:
    def with_fade(on: str, kind: str) -> dict[str, Any]:
        if fade == "field":
            return {"op": "update_clip", "clip": on, kind: 1}
        return {"op": "add_effect", "clip": on, "type": kind, "params": {"duration": 1}}

    for op, path in ((with_fade("a", "fade_out"), "fade_out"), (with_fade("b", "fade_in"), "fade_in")):
        cut(op).when(dissolve()).refuses("out_of_range", f"ops[0].{path}")
        cut(dissolve()).when(op).refuses("out_of_range", f"ops[0].{path}")
    cut(with_fade("a", "fade_in"), with_fade("b", "fade_out")).when(dissolve()).document()


def test_sounds_alone_go_over_on_an_audio_track() -> None:
    songs = [clip(name, 4 * place, 7, on="m", source="song", in_point=3) for place, name in enumerate("ab")]
    given(track("m", "audio"), *songs).when(dissolve()).refuses("wrong_kind", "ops[0].type")
    # where nothing is seen it may be shorter than a frame
    given(track("m", "audio"), *songs).when(dissolve(type="crossfade", lasting="0.01")).document()


def test_changes_say_only_what_is_new() -> None:
    change = {"op": "update_transition", "transition": "d", "duration": 2, "align": "center", "sound": "equal_gain"}
    cut(dissolve()).when(change).then(TransitionChanged("d", duration=2 * S, sound="equal_gain"))
    cut(dissolve()).when({**change, "duration": 1, "sound": "equal_power"}).then()


@pytest.mark.parametrize(
    ("op", "code"),
    [
        ({"op": "move_clip", "clip": "b", "at": 20}, "transition_broken"),
        ({"op": "move_clip", "clip": "b", "at": 20, "ripple": True}, "transition_broken"),
        ({"op": "move_clip", "clip": "c", "track": "w"}, "transition_broken"),
        ({"op": "trim_clip", "clip": "a", "out_point": 6}, "transition_broken"),
        ({"op": "trim_clip", "clip": "b", "in_point": 1}, "clips_overlap"),
        (clip("x", 4, 2, mode="insert"), "transition_broken"),
        (clip("x", 3, 2, mode="overwrite"), "transition_broken"),
        ({"op": "roll_edit", "clip": "a", "at": "6.6"}, "no_handles"),
        ({"op": "slip_clip", "clip": "a", "in_point": "5.6"}, "no_handles"),
        ({"op": "slip_clip", "clip": "b", "in_point": "0.4"}, "no_handles"),
        ({"op": "slide_clip", "clip": "b", "at": "7"}, "no_handles"),
        ({"op": "split_clip", "clip": "a", "at": "3.8"}, "transitions_overlap"),
        ({"op": "replace_source", "clip": "a", "source": "short"}, "unknown_media"),
    ],
)
def test_its_clips_stay_together(op: dict[str, Any], code: str) -> None:
    scenario = cut(track("w"), dissolve(), dissolve("e", "b", "c")).when(op)
    assert scenario.refused is not None
    assert scenario.refused.code == code, scenario.refused.message


@pytest.mark.parametrize(
    "op",
    [
        {"op": "trim_clip", "clip": "a", "out_point": 6, "ripple": True},
        {"op": "roll_edit", "clip": "a", "at": 5},
        {"op": "slip_clip", "clip": "a", "in_point": 2},
        {"op": "slide_clip", "clip": "b", "at": 5},
        clip("x", 0, 2, ripple=True),
        {"op": "update_clip", "clip": "a", "volume": 0, "fit": "cover"},
        {"op": "replace_source", "clip": "b", "source": "silent"},
    ],
)
def test_it_goes_along_with_its_clips(op: dict[str, Any]) -> None:
    before = cut(dissolve(), dissolve("e", "b", "c")).when()
    kept = [(each["from"], each["to"], each["duration"]) for each in before.document()["transitions"]]
    after = cut(dissolve(), dissolve("e", "b", "c")).when(op).document()
    assert [(each["from"], each["to"], each["duration"]) for each in after["transitions"]] == kept
    ends = {each["id"]: each["timeline_end"] for each in after["tracks"][0]["clips"]}
    assert [each["timeline_start"] for each in after["transitions"]] == [
        ends[each["from"]] - Decimal("0.5") for each in after["transitions"]
    ]


def test_with_a_clip_its_transitions_go() -> None:
    scenario = cut(dissolve(), dissolve("e", "b", "c")).when({"op": "remove_clip", "clip": "b"})
    assert scenario.then(ClipRemoved("b")).document()["transitions"] == []
    closed = cut(dissolve(), dissolve("e", "b", "c")).when({"op": "remove_clip", "clip": "a", "ripple": True})
    assert [each["id"] for each in closed.document()["transitions"]] == ["e"]


def test_the_later_part_of_a_clip_has_its_transition() -> None:
    scenario = cut(dissolve(), dissolve("e", "b", "c")).when({"op": "split_clip", "clip": "b", "at": 6, "id": "x"})
    assert scenario.decided is not None
    kinds = [type(fact) for fact in scenario.decided.facts]
    assert kinds == [ClipChanged, ClipAdded, TransitionChanged]
    joined = [(each["id"], each["from"], each["to"]) for each in scenario.document()["transitions"]]
    assert joined == [("d", "a", "b"), ("e", "x", "c")]


def test_on_a_locked_track_they_stay_as_they_are() -> None:
    lock = {"op": "update_track", "track": "v", "locked": True}
    cut(lock).when(dissolve()).refuses("track_locked", "ops[0].track")
    for op in (
        {"op": "remove_transition", "transition": "d"},
        {"op": "update_transition", "transition": "d", "duration": 2},
    ):
        cut(dissolve(), lock).when(op).refuses("track_locked", "ops[0].track")


def test_there_and_back_is_a_difference_of_one_fact() -> None:
    without, joined = cut().before, cut(dissolve()).before
    assert joined.diff(without) == [msgspec.msgpack.encode(TransitionRemoved("d"))]
    assert without.apply(without.diff(joined)).fingerprint() == joined.fingerprint()
    assert joined.restore(joined.snapshot()).fingerprint() == joined.fingerprint()


def test_people_read_what_became_of_it() -> None:
    scenario = cut(dissolve(), title("t", "a"))
    change = {"op": "update_transition", "transition": "d", "duration": "1.5"}
    before, after = scenario.when().document(), scenario.when(change).document()
    assert [one.text for one in compare(before, after)] == ["~ transition d: duration 1 s -> 1.5 s"]
    gone = cut(title("t", "a")).when().document()
    assert [one.text for one in compare(before, gone)] == ["- transition d: dissolve from a to b, 1 s"]
