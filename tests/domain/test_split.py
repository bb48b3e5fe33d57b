"""A split shows the same film in two clips."""

from decimal import Decimal
from typing import Any

import pytest

from tests.domain.scenario import Scenario, clip, given, title, track


def halves(scene: Scenario) -> tuple[dict[str, Any], dict[str, Any]]:
    first, second = scene.document()["tracks"][0]["clips"]
    return first, second


def cut(scene: Scenario, at: Any) -> Scenario:
    return scene.when({"op": "split_clip", "clip": "a", "at": at, "id": "b"})


def test_the_parts_are_the_whole() -> None:
    first, second = halves(cut(given(track("v"), clip("a", 1, 8, in_point=2)), 3))
    shown = [(c["id"], c["in_point"], c["out_point"], c["timeline_start"], c["timeline_end"]) for c in (first, second)]
    assert shown == [("a", 2, 4, 1, 3), ("b", 4, 8, 3, 7)]


@pytest.mark.parametrize("at", [1, 7, 0, 100])
def test_a_cut_lies_inside(at: int) -> None:
    cut(given(track("v"), clip("a", 1, 8, in_point=2)), at).refuses("empty_range", "ops[0].at")


def test_fades_stay_at_the_ends() -> None:
    first, second = halves(cut(given(track("v"), clip("a", 0, 8, fade_in=1, fade_out=2, volume="0.5")), 4))
    assert (first["fade_in"], first["fade_out"], second["fade_in"], second["fade_out"]) == (1, 0, 0, 2)
    assert first["volume"] == second["volume"] == Decimal("0.5")


def test_an_effect_across_the_cut_goes_on_in_both() -> None:
    scene = given(track("v"), clip("a", 0, 8), title("t", "a", start=1, duration=4))
    fades = {"op": "update_effect", "effect": "t", "params": {"fade_in": 1, "fade_out": "0.5"}}
    scene = Scenario(scene.when(fades).after)
    (left,), (right,) = (half["effects"] for half in halves(cut(scene, 3)))
    assert (left["start"], left["duration"], left["params"]["fade_in"], left["params"]["fade_out"]) == (1, 2, 1, 0)
    assert (right["start"], right["duration"]) == (0, 2)
    assert (right["params"]["fade_in"], right["params"]["fade_out"]) == (0, Decimal("0.5"))
    assert left["id"] == "t"
    assert right["id"] != "t"


def test_an_effect_on_one_side_stays_on_it() -> None:
    scene = given(
        track("v"), clip("a", 0, 8), title("early", "a", start=0, duration=2), title("late", "a", start=5, duration=2)
    )
    (left,), (right,) = (half["effects"] for half in halves(cut(scene, 4)))
    assert (left["id"], left["start"], left["duration"]) == ("early", 0, 2)
    assert (right["start"], right["duration"]) == (1, 2)


def test_fade_effects_go_where_they_belong() -> None:
    def fade(kind: str) -> dict[str, Any]:
        return {"op": "add_effect", "id": kind, "clip": "a", "type": kind, "params": {"duration": 1}}

    first, second = halves(cut(given(track("v"), clip("a", 0, 8), fade("fade_in"), fade("fade_out")), 4))
    assert [effect["type"] for effect in first["effects"]] == ["fade_in"]
    assert [effect["type"] for effect in second["effects"]] == ["fade_out"]


def fading(kind: str, lasting: int, **window: Any) -> dict[str, Any]:
    return {"op": "add_effect", "id": "f", "clip": "a", "type": kind, "params": {"duration": lasting}, **window}


@pytest.mark.parametrize(
    ("effect", "at"),
    [
        (fading("fade_in", 2), 1),
        (fading("fade_in", 1, start=5), 3),
        (fading("fade_in", 1, start=5), 5),
        (fading("fade_out", 2), 7),
        (fading("fade_out", 1, start=2), 5),
        (fading("fade_out", 1, start=5), 5),
        (fading("fade_out", 1, start=2), "2.5"),
        (title("f", "a", start=1, duration=4) | {"params": {"text": "T", "fade_in": 1}}, "1.5"),
        (title("f", "a", start=1, duration=4) | {"params": {"text": "T", "fade_out": 1}}, "4.5"),
    ],
)
def test_a_cut_that_would_change_the_film_is_refused(effect: dict[str, Any], at: Any) -> None:
    cut(given(track("v"), clip("a", 0, 8), effect), at).refuses("out_of_range", "ops[0].at")


def test_a_clip_is_not_cut_in_its_own_fades() -> None:
    faded = clip("a", 0, 8, fade_in=2, fade_out=2)
    cut(given(track("v"), faded), 1).refuses("out_of_range", "ops[0].at")
    cut(given(track("v"), faded), 7).refuses("out_of_range", "ops[0].at")


def test_a_fall_with_a_start_of_its_own_keeps_it() -> None:
    _, second = halves(cut(given(track("v"), clip("a", 0, 8), fading("fade_out", 1, start=6)), 4))
    assert [(effect["type"], effect["start"]) for effect in second["effects"]] == [("fade_out", 2)]
    first, second = halves(cut(given(track("v"), clip("a", 0, 8), fading("fade_out", 2, start=6)), 6))
    assert (first["effects"], second["effects"][0]["start"]) == ([], 0)


def test_what_moves_goes_on_moving_behind_the_cut() -> None:
    """Keys keep their times on the film, to the frame; those of an effect behind the cut are its own."""
    keys = {"amount": [{"t": 0, "value": 0}, {"t": 4, "value": 1, "easing": "ease_in"}]}
    light = {"op": "add_effect", "clip": "a", "type": "brightness", "keyframes": keys}
    scene = given(track("v"), clip("a", 0, 8), light | {"id": "one", "start": 1}, light | {"id": "two", "start": 5})
    (one,), (later, two) = (half["effects"] for half in halves(cut(scene, Decimal("3.01"))))
    assert [key["t"] for key in one["keyframes"]["amount"]] == [0, 4]
    assert [key["t"] for key in later["keyframes"]["amount"]] == [-2, 2]
    assert [key["t"] for key in two["keyframes"]["amount"]] == [0, 4]
    assert later["keyframes"]["amount"][1] == {"t": 2, "value": 1, "easing": "ease_in"}
