"""Decisions about clips, in sentences."""

from typing import Any

import pytest

from domain.timeline.events import CANVAS, Clip, ClipAdded, ClipChanged, ClipRemoved, Transform
from tests.domain.scenario import SOURCES, S, clip, given, title, track


def laid(name: str, at: int, length: int, **fields: Any) -> Clip:
    plain: dict[str, Any] = {
        "track": "v",
        "source": SOURCES["film"],
        "in_point": 0,
        "out_point": length * S,
        "at": at * S,
        "volume": 1_000_000,
        "fade_in": 0,
        "fade_out": 0,
        "fit": "contain",
        "transform": CANVAS,
    }
    return Clip(id=name, **(plain | fields))


def test_a_clip_may_start_where_the_last_one_ends() -> None:
    given(track("v"), clip("a", 0, 10)).when(clip("b", 10, 5)).then(ClipAdded(laid("b", 10, 5)))


def test_a_clip_may_not_overlap_another() -> None:
    given(track("v"), clip("a", 0, 10)).when(clip("b", "9.999999999", 5)).refuses("clips_overlap", "ops[0].at")


def test_a_clip_goes_to_the_end_of_its_track() -> None:
    given(track("v"), track("w"), clip("a", 3, 10), clip("x", 50, 1, on="w")).when(clip("b", "end", 5)).then(
        ClipAdded(laid("b", 13, 5))
    )


def test_a_clip_lasts_to_the_end_of_its_source() -> None:
    whole = {"op": "add_clip", "id": "a", "track": "v", "source": "film", "at": 0}
    given(track("v")).when(whole).then(ClipAdded(laid("a", 0, 10)))


def test_a_still_must_say_how_long() -> None:
    still = {"op": "add_clip", "id": "a", "track": "v", "source": "photo", "at": 0}
    given(track("v")).when(still).refuses("invalid_field", "ops[0].out_point")
    given(track("v")).when(still | {"out_point": 3600}).then(ClipAdded(laid("a", 0, 3600, source=SOURCES["photo"])))


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"in_point": 5, "out_point": 5}, "empty_range", "ops[0].out_point"),
        ({"in_point": 6, "out_point": 5}, "empty_range", "ops[0].out_point"),
        ({"in_point": -1}, "outside_timeline", "ops[0].in_point"),
        ({"out_point": "10.000000002"}, "outside_source", "ops[0].out_point"),
        ({"at": -1}, "outside_timeline", "ops[0].at"),
        ({"at": 864_001}, "outside_timeline", "ops[0].at"),
        ({"source": "song"}, "wrong_kind", "ops[0].track"),
        ({"source": "nothing"}, "unknown_media", "ops[0].source"),
        ({"track": "nowhere"}, "unknown_track", "ops[0].track"),
        ({"id": "v"}, "id_taken", "ops[0].id"),
        ({"id": "no good"}, "invalid_id", "ops[0].id"),
        ({"volume": -1}, "out_of_range", "ops[0].volume"),
        ({"transform": {"width": 0}}, "out_of_range", "ops[0].transform.width"),
    ],
)
def test_a_clip_that_breaks_a_rule_is_refused(fields: dict[str, Any], code: str, path: str) -> None:
    whole = {"op": "add_clip", "id": "a", "track": "v", "source": "film", "at": 0}
    scene = given(track("v")).when(whole | fields)
    assert scene.refused is not None, scene.decided
    assert (scene.refused.code, scene.refused.path) == (code, path)


def test_sound_goes_on_an_audio_track() -> None:
    given(track("m", "audio")).when(clip("a", 0, 5, on="m", source="song")).then(
        ClipAdded(laid("a", 0, 5, track="m", source=SOURCES["song"]))
    )
    given(track("m", "audio")).when(clip("a", 0, 5, on="m", source="silent")).refuses("wrong_kind", "ops[0].track")


def test_an_update_keeps_what_it_does_not_name() -> None:
    scene = given(track("v"), clip("a", 0, 5, transform={"x": "0.1", "width": "0.5"}))
    scene.when({"op": "update_clip", "clip": "a", "at": 2, "transform": {"x": "0.2"}, "volume": "0.25"}).then(
        ClipChanged("a", at=2 * S, volume=250_000, transform=Transform(200_000, 0, 500_000, 1_000_000))
    )


def test_moving_to_the_end_does_not_count_the_clip_itself() -> None:
    scene = given(track("v"), clip("a", 0, 5), clip("b", 5, 5))
    scene.when({"op": "move_clip", "clip": "a", "at": "end"}).then(ClipChanged("a", at=10 * S))


def test_trimming_leaves_the_start_on_the_timeline() -> None:
    scene = given(track("v"), clip("a", 3, 5))
    scene.when({"op": "trim_clip", "clip": "a", "in_point": 1}).then(ClipChanged("a", in_point=S))


def test_a_locked_track_keeps_its_clips() -> None:
    scene = given(track("v"), clip("a", 0, 5), {"op": "update_track", "track": "v", "locked": True})
    scene.when({"op": "remove_clip", "clip": "a"})
    assert scene.refused is not None
    assert scene.refused.code == "track_locked"


def test_a_source_is_replaced_within_its_length() -> None:
    scene = given(track("v"), clip("a", 0, 5))
    scene.when({"op": "replace_source", "clip": "a", "source": "silent"}).then(
        ClipChanged("a", source=SOURCES["silent"])
    )


def test_removing_takes_the_effects_along() -> None:
    scene = given(track("v"), clip("a", 0, 5), title("t", "a")).when({"op": "remove_clip", "clip": "a"})
    scene.then(ClipRemoved("a"))
    assert scene.after.effect("t") is None


def test_what_an_edit_invalidates_is_where_the_clip_was_and_is() -> None:
    scene = given(track("v"), clip("a", 0, 5), clip("b", 8, 2)).when({"op": "move_clip", "clip": "b", "at": 20})
    assert scene.invalidates() == [(8, 10), (20, 22)]
    scene = given(track("v"), clip("a", 0, 5)).when({"op": "update_track", "track": "v", "name": "only a name"})
    assert scene.invalidates() == []
    scene = given(track("v"), clip("a", 0, 5)).when({"op": "set_output", "width": 640})
    assert scene.invalidates() == [(0, 5)]


def test_a_clip_on_a_video_track_shows_for_a_frame_or_more() -> None:
    given(track("v")).when(clip("a", 0, "0.033")).refuses("empty_range", "ops[0].out_point")
    given(track("v")).when(clip("a", 0, {"frame": 1})).then(ClipAdded(laid("a", 0, 0, out_point=S // 30)))
    given(track("v"), clip("a", 0, 5)).when({"op": "trim_clip", "clip": "a", "in_point": "4.99"}).refuses(
        "empty_range", "ops[0].in_point"
    )
    sound = clip("a", 0, "0.001", on="s", source="song")
    given(track("s", "audio")).when(sound).then(
        ClipAdded(laid("a", 0, 0, track="s", source=SOURCES["song"], out_point=S // 1000))
    )


def test_an_effect_starts_before_its_clip_ends() -> None:
    film = given(track("v"), clip("a", 0, 2), title("t", "a", start=1))
    film.when(title("late", "a", start=2)).refuses("out_of_range", "ops[0].start")
    film.refused = None
    film.when({"op": "update_effect", "effect": "t", "start": 2}).refuses("out_of_range", "ops[0].start")


def test_a_range_past_the_source_is_told_in_seconds() -> None:
    asked = given(track("v")).when(clip("a", 0, "10.5"))
    asked.refuses("outside_source", "ops[0].out_point")
    assert asked.refused is not None
    assert "10.5 s" in asked.refused.message
    assert "10 s" in asked.refused.message


def test_a_project_has_a_name() -> None:
    given().when({"op": "rename_project", "name": "  "}).refuses("invalid_field", "ops[0].name")


def test_a_text_that_no_font_can_draw_is_refused_when_it_is_edited() -> None:
    film = given(track("v"), clip("a", 0, 2), title("t", "a"))
    film.when({"op": "update_effect", "effect": "t", "params": {"text": "\N{SNOWMAN}"}}).refuses(
        "glyphs_missing", "ops[0].params.text"
    )


def test_an_effect_on_sound_needs_a_sound() -> None:
    volume = {"op": "add_effect", "clip": "a", "type": "volume", "params": {"gain": 0.5}}
    given(track("v"), clip("a", 0, 5, source="silent")).when(volume).refuses("wrong_kind", "ops[0].type")
    heard = given(track("v"), clip("a", 0, 5), volume)
    heard.when({"op": "replace_source", "clip": "a", "source": "silent"}).refuses("wrong_kind", "ops[0].source")
