"""Layouts as decisions: what an edit by a layout says, and what it refuses."""

from typing import Any

import pytest

from tests.domain.scenario import Scenario, clip, given, title, track


def scene() -> Scenario:
    """Two clips over each other, and a third on the lower track."""
    return given(
        track("v"), track("w"), track("m", "audio"), clip("a", 0, 4), clip("b", 0, 4, on="w"), clip("c", 4, 4),
        clip("s", 0, 4, on="m", source="song"),
    )  # fmt: skip


def layout(name: str, *clips: str, **params: Any) -> dict[str, Any]:
    return {"op": "apply_layout", "layout": name, "clips": list(clips), "params": params}


def clips(after: Scenario) -> dict[str, Any]:
    return {one["id"]: one for track in after.document()["tracks"] for one in track["clips"]}


def test_a_clip_keeps_its_turn_its_opacity_and_its_effects() -> None:
    turned = {"op": "update_clip", "clip": "b", "transform": {"rotation": 30, "opacity": "0.5"}}
    moving = {
        "x": [{"t": 0, "value": 0}, {"t": 1, "value": 1}],
        "opacity": [{"t": 0, "value": 1}, {"t": 1, "value": 0}],
    }
    before = [turned, {"op": "update_clip", "clip": "b", "keyframes": moving}, title("t", "b")]
    after = clips(scene().when(*before, layout("side_by_side", "a", "b", border_width="0.1", shadow="0.5")))
    place = after["b"]["transform"]
    assert [float(place[name]) for name in ("x", "y", "width", "height")] == [0.5, 0, 0.5, 1]
    assert (float(place["rotation"]), float(place["opacity"])) == (30, 0.5)
    assert list(after["b"]["keyframes"]) == ["opacity"]
    assert [one["type"] for one in after["b"]["effects"]] == ["text_overlay", "border", "drop_shadow"]
    assert [one["type"] for one in after["a"]["effects"]] == ["border", "drop_shadow"]
    assert after["a"]["fit"] == "cover"


def test_the_same_layout_again_changes_nothing_and_another_takes_its_frames_away() -> None:
    framed = layout("grid", "a", "b", radius="0.1")
    assert len(scene().when(framed).when(framed, framed).decided.facts) == len(scene().when(framed).decided.facts)  # type: ignore[union-attr]
    after = clips(scene().when(framed, layout("grid", "a", "b")))
    assert after["a"]["effects"] == after["b"]["effects"] == []


def test_ops_before_it_can_be_named() -> None:
    after = clips(scene().when(clip("d", 8, 1), clip("e", 8, 1, on="w"), layout("side_by_side", "$0", "$1")))
    assert float(after["e"]["transform"]["x"]) == 0.5


@pytest.mark.parametrize(
    ("asked", "code", "path"),
    [
        (layout("collage", "a", "b"), "unknown_layout", "layout"),
        (layout("side_by_side", "a"), "out_of_range", "clips"),
        (layout("side_by_side", "a", "a"), "invalid_field", "clips"),
        (layout("side_by_side", "a", "nobody"), "unknown_clip", "clip"),
        (layout("side_by_side", "a", "s"), "wrong_kind", "clips"),
        (layout("picture_in_picture", "b", "a"), "lies_beneath", "clips"),
        (layout("picture_in_picture", "a", "b", size="0.9", margin="0.2"), "out_of_range", "params.margin"),
        (layout("picture_in_picture", "a", "b", corner="left"), "out_of_range", "params.corner"),
        (layout("picture_in_picture", "a", "b", columns=2), "bad_parameter", "params.columns"),
        (layout("grid", "a", "b", "c", rows=1), "out_of_range", "clips"),
        (layout("rectangles", "a", "b"), "bad_parameter", "params.rectangles"),
        (layout("rectangles", "a", rectangles=[{"x": 0, "y": 0, "width": 1}]), "bad_parameter", "params.rectangles"),
        (
            layout("rectangles", "a", rectangles=[{"x": 0, "y": 0, "width": 0, "height": 1}]),
            "out_of_range",
            "transform.width",
        ),
    ],
)
def test_what_cannot_be_laid_out_is_refused_by_name(asked: dict[str, Any], code: str, path: str) -> None:
    scene().when(asked).refuses(code, f"ops[0].{path}")


def test_clips_on_locked_tracks_stay_where_they_are() -> None:
    locked = {"op": "update_track", "track": "w", "locked": True}
    scene().when(locked, layout("side_by_side", "a", "b")).refuses("track_locked", "ops[1].track", op=1)
