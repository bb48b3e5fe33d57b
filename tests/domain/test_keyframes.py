"""Keyframes as they are asked for: what may move, and what is refused."""

from decimal import Decimal
from typing import Any

import pytest

from domain.timeline.events import EffectChanged, Key
from tests.domain.scenario import S, Scenario, clip, given, track


def add(kind: str, keyframes: dict[str, Any], **params: Any) -> dict[str, Any]:
    return {"op": "add_effect", "id": "e", "clip": "a", "type": kind, "params": params, "keyframes": keyframes}


def key(t: Any, value: Any, easing: Any = "linear") -> dict[str, Any]:
    return {"t": t, "value": value, "easing": easing}


SCENE = (track("v"), clip("a", 0, 8))


def keyframes(scene: Scenario) -> dict[str, Any]:
    (one,) = scene.document()["tracks"][0]["clips"][0]["effects"]
    return one["keyframes"]  # type: ignore[no-any-return]


def test_keys_are_kept_exactly_and_in_the_order_of_their_times() -> None:
    added = add("hue", {"angle": [key({"frame": 30}, "-90.5"), key(0, 10, ["0.25", "0.1", "0.25", 1])]})
    scene = given(*SCENE).when(added)
    bend = [Decimal(text) for text in ("0.25", "0.1", "0.25", "1")]
    assert keyframes(scene) == {"angle": [key(0, 10, bend), key(1, Decimal("-90.5"))]}
    asked = {"op": "update_effect", "effect": "e", "keyframes": {"angle": [key("00:00:02.000", 5), key(1, 4, "hold")]}}
    keys = [Key(S, 4_000_000, "hold"), Key(2 * S, 5_000_000, "linear")]
    Scenario(scene.after).when(asked).then(EffectChanged("e", keyframes={"angle": keys}))


def test_an_update_is_about_the_parameters_that_it_names_and_an_empty_list_takes_keys_away() -> None:
    asked = {"op": "update_effect", "effect": "e", "keyframes": {"x": [], "y": [key(1, 1)]}}
    scene = given(*SCENE, add("zoom", {"x": [key(0, 0)], "factor": [key(0, 1), key(1, 2)]})).when(asked)
    assert {name: len(keys) for name, keys in keyframes(scene).items()} == {"factor": 2, "y": 1}
    Scenario(scene.after).when(asked).then()


@pytest.mark.parametrize(
    ("kind", "keyframes", "code", "path"),
    [
        ("grayscale", {"strength": [key(0, 1)]}, "bad_parameter", "keyframes.strength"),
        ("sharpen", {"width": [key(0, 1)]}, "bad_parameter", "keyframes.width"),
        ("fade_in", {"duration": [key(0, 1)]}, "bad_parameter", "keyframes.duration"),
        ("grayscale", {"amount": [key(1, 1), key(1, 0)]}, "out_of_range", "keyframes.amount[1].t"),
        ("grayscale", {"amount": [key(0, 1), key(1, "1.1")]}, "out_of_range", "keyframes.amount[1].value"),
        ("box_blur", {"radius": [key(0, "1.5")]}, "bad_parameter", "keyframes.radius[0].value"),
        ("grayscale", {"amount": [key(0, 1, [0, "1.1", 1, 1])]}, "out_of_range", "keyframes.amount[0].easing"),
        ("grayscale", {"amount": [key(n, 1) for n in range(1001)]}, "limit_exceeded", "keyframes.amount"),
        ("crop", {"left": [key(0, "0.6"), key(1, 0)], "right": [key(2, "0.4")]}, "out_of_range", "params.right"),
        ("levels", {"black_in": [key(0, 0), key(1, 1)]}, "out_of_range", "params.white_in"),
    ],
)
def test_what_can_not_move_so_is_refused_at_the_edit(
    kind: str, keyframes: dict[str, Any], code: str, path: str
) -> None:
    given(*SCENE).when(add(kind, keyframes)).refuses(code, f"ops[0].{path}")


def test_a_rule_between_parameters_goes_by_the_values_that_they_have() -> None:
    """What a parameter would be without its keys does not count."""
    moving = {"black_in": [key(0, "0.5"), key(1, "0.6")], "white_in": [key(0, "0.7")]}
    assert (
        given(*SCENE).when(add("levels", moving, black_in=Decimal("0.9"), white_in=Decimal("0.95"))).decided is not None
    )


def test_a_clip_moves_by_the_numbers_of_its_transform() -> None:
    asked = {"op": "update_clip", "clip": "a", "transform": {"rotation": "-22.5"}, "keyframes": {"x": [key(1, "0.5")]}}
    scene = given(*SCENE).when(asked)
    (one,) = scene.document()["tracks"][0]["clips"]
    assert (one["transform"]["rotation"], one["transform"]["opacity"]) == (Decimal("-22.5"), 1)
    assert one["keyframes"] == {"x": [key(1, Decimal("0.5"))]}
    Scenario(scene.after).when(asked).then()


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"transform": {"opacity": "1.01"}}, "out_of_range", "transform.opacity"),
        ({"transform": {"rotation": 3601}}, "out_of_range", "transform.rotation"),
        ({"keyframes": {"opacity": [key(0, -1)]}}, "out_of_range", "keyframes.opacity[0].value"),
        ({"keyframes": {"width": [key(0, 1), key(1, 0)]}}, "out_of_range", "keyframes.width[1].value"),
        ({"keyframes": {"fit": [key(0, 1)]}}, "bad_parameter", "keyframes.fit"),
        ({"keyframes": {"x": [key(0, 1), key(0, 0)]}}, "out_of_range", "keyframes.x[1].t"),
    ],
)
def test_a_clip_that_can_not_move_so_is_refused_at_the_edit(fields: dict[str, Any], code: str, path: str) -> None:
    given(*SCENE).when({"op": "update_clip", "clip": "a", **fields}).refuses(code, f"ops[0].{path}")


def test_a_sound_has_no_place_that_could_move() -> None:
    scene = given(track("s", "audio"))
    song = clip("b", 0, 8, on="s", source="song", keyframes={"x": [key(0, 1)]})
    scene.when(song).refuses("wrong_kind", "ops[0].keyframes")
    scene.when({**song, "keyframes": {"volume": [key(0, 11)]}}).refuses(
        "out_of_range", "ops[0].keyframes.volume[0].value"
    )


def test_a_clip_s_volume_goes_on_moving_behind_a_cut_to_the_sample() -> None:
    keys = {"volume": [key(1, 0), key(3, 1, "ease_in")]}
    scene = given(track("s", "audio"), clip("b", 0, 8, on="s", source="song", keyframes=keys))
    halves = scene.when({"op": "split_clip", "clip": "b", "at": "2.50001"}).document()["tracks"][0]["clips"]
    exact = Decimal(2) + Decimal(24_000) / 48_000  # 2.50001 is sample 120000.48
    assert [[one["t"] for one in half["keyframes"]["volume"]] for half in halves] == [[1, 3], [1 - exact, 3 - exact]]


def test_a_clip_goes_on_moving_behind_a_cut() -> None:
    moving = {"op": "update_clip", "clip": "a", "keyframes": {"x": [key(1, 0), key(7, 1)]}}
    scene = given(*SCENE, moving).when({"op": "split_clip", "clip": "a", "at": 3})
    first, later = scene.document()["tracks"][0]["clips"]
    assert [[one["t"] for one in half["keyframes"]["x"]] for half in (first, later)] == [[1, 7], [-2, 4]]
