"""Layouts: every clip in its rectangle to the pixel, framed as asked, and nothing else touched."""

import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

import rust_core
from domain.ids import EditId
from domain.timeline.batch import decide_batch
from domain.timeline.commands import ApplyLayout
from tests.domain.scenario import Shelf
from tests.ffmpeg.films import HEIGHT, WIDTH, Laid, Workshop, colour, frames, near
from tests.ffmpeg.picture import Picture, hard_edges, psnr
from tests.ffmpeg.references import PROOFS
from tests.ffmpeg.references.proof import even
from tests.ffmpeg.test_effects import BACKGROUND, BLUE, pictures
from tests.ffmpeg.test_transforms import shadowed
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

LAYOUTS: dict[str, dict[str, Any]] = {of["layout"]: of for of in json.loads(rust_core.layout_definitions())}
LOOKS = [(60 + 10 * number, 90 + 5 * number, 170 - 7 * number) for number in range(16)]
SHORT = Fraction(HEIGHT)

Box = tuple[int, int, int, int]  # left, right, top, bottom in pixels
Params = dict[str, Any]


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("layouts"), build)
    for number, look in enumerate(LOOKS):
        made.flat(f"flat{number}.mp4", look, size="64x64")
    return made


def stack(clips: int) -> list[Laid]:
    """Two frames of as many sources, bottom first."""
    return [Laid(f"flat{number}", 0, frames(2), track=number) for number in range(clips)]


def composed(workshop: Workshop, laid: Sequence[Laid], layout: str, params: Params) -> rust_core.Project:
    """A project after a layout of its first clips, one of each track."""
    project = workshop.project(laid, background=BACKGROUND)
    clips = [f"c{number}" for number, one in enumerate(laid) if one.at == 0]
    return decide_batch([ApplyLayout(layout, clips, params)], project, Shelf(), EditId("layout")).project


def box(x: Fraction, y: Fraction, width: Fraction, height: Fraction) -> Box:
    """A rectangle in pixels, its edges on even ones."""
    edges = (x / WIDTH, WIDTH), ((x + width) / WIDTH, WIDTH), (y / HEIGHT, HEIGHT), ((y + height) / HEIGHT, HEIGHT)
    left, right, top, bottom = (even(float(part), of) for part, of in edges)
    return left, right, top, bottom


def inset(horizontal: str, vertical: str, size: str = "0.3", margin: str = "0.05") -> list[Box]:
    """All of the canvas, and a picture in a corner of it."""
    far, across, down = Fraction(margin) * SHORT, Fraction(size) * WIDTH, Fraction(size) * HEIGHT
    x = {"left": far, "right": WIDTH - far - across, "center": (WIDTH - across) / 2}[horizontal]
    y = {"top": far, "bottom": HEIGHT - far - down, "center": (HEIGHT - down) / 2}[vertical]
    return [(0, WIDTH, 0, HEIGHT), box(x, y, across, down)]


def cells(columns: int, rows: int, gap: str = "0") -> list[Box]:
    """Rows of equal rectangles."""
    apart = Fraction(gap) * SHORT
    width, height = (WIDTH - apart * (columns - 1)) / columns, (HEIGHT - apart * (rows - 1)) / rows
    places = [(column, row) for row in range(rows) for column in range(columns)]
    return [box(column * (width + apart), row * (height + apart), width, height) for column, row in places]


def halves(ratio: str, gap: str, *, beside: bool) -> list[Box]:
    """Two rectangles that share the canvas."""
    apart, whole = Fraction(gap) * SHORT, WIDTH if beside else HEIGHT
    first = (whole - apart) * Fraction(ratio)
    parts = [(Fraction(0), first), (first + apart, whole - first - apart)]
    if beside:
        return [box(at, Fraction(0), length, SHORT) for at, length in parts]
    return [box(Fraction(0), at, Fraction(WIDTH), length) for at, length in parts]


CORNERS = [f"{v}_{h}" for v in ("bottom", "top") for h in ("left", "right")]
CASES: list[tuple[str, Params, list[Box]]] = [
    ("picture_in_picture", {}, inset("right", "bottom")),
    *(("picture_in_picture", {"corner": at}, inset(*reversed(at.split("_")))) for at in CORNERS),
    ("picture_in_picture", {"corner": "center", "size": 0.5}, inset("center", "center", "0.5")),
    ("picture_in_picture", {"corner": "top_left", "size": 0.25, "margin": 0}, inset("left", "top", "0.25", "0")),
    ("side_by_side", {}, halves("0.5", "0", beside=True)),
    ("side_by_side", {"ratio": 0.7, "gap": 0.1}, halves("0.7", "0.1", beside=True)),
    ("top_and_bottom", {}, halves("0.5", "0", beside=False)),
    ("top_and_bottom", {"ratio": "0.25", "gap": 0.05}, halves("0.25", "0.05", beside=False)),
    ("grid", {}, cells(2, 2)),
    ("grid", {"columns": 2, "rows": 2}, cells(2, 2)[:3]),
    ("grid", {"columns": 3, "rows": 1, "gap": 0.1}, cells(3, 1, "0.1")),
    ("grid", {"columns": 4, "rows": 4, "gap": 0.02}, cells(4, 4, "0.02")),
    (
        "rectangles",
        {
            "rectangles": [
                {"x": 0.1, "y": 0.1, "width": 0.6, "height": 0.6},
                {"x": "0.5", "y": 0.5, "width": 1, "height": 1},
            ]
        },
        [(32, 224, 18, 126), (160, 320, 90, 180)],
    ),
]


def on_canvas(look: tuple[int, int, int], place: Box, frame: Params | None = None) -> Picture:
    """One colour in a rectangle of an empty canvas, with a border."""
    left, right, top, bottom = place
    width, height = right - left, bottom - top
    small = Picture(np.zeros((height, width)), *np.zeros((2, height // 2, width // 2)), np.ones((height, width)))
    small = small.filled(look)
    small = PROOFS["border"].reference(small, frame) if frame else small
    around = ((top, HEIGHT - bottom), (left, WIDTH - right))
    halved = tuple((before // 2, after // 2) for before, after in around)
    coarse = (np.pad(plane, halved) for plane in (small.u, small.v))
    return Picture(np.pad(small.y, around), *coarse, np.pad(small.a, around))


def drawn(workshop: Workshop, project: rust_core.Project) -> list[Picture]:
    """The frames of a film of one segment."""
    (unit,) = workshop.planned(project).units
    return pictures(workshop.drawn(unit))


@pytest.mark.parametrize(("layout", "params", "places"), CASES)
def test_every_clip_lies_in_its_rectangle_to_the_pixel(
    workshop: Workshop, layout: str, params: Params, places: list[Box]
) -> None:
    due = on_canvas(BLUE, (0, WIDTH, 0, HEIGHT))
    for look, place in zip(LOOKS, places, strict=False):
        due = on_canvas(look, place).on(due)
    found = drawn(workshop, composed(workshop, stack(len(places)), layout, params))
    assert len(found) == 2
    for picture in found:
        for one, other in ((picture.y, due.y), (picture.u, due.u), (picture.v, due.v)):
            assert np.abs(one - other).max() <= 1


def test_every_layout_is_proved_and_its_example_is_accepted(workshop: Workshop) -> None:
    assert {layout for layout, _, _ in CASES} == set(LAYOUTS)
    for layout, of in LAYOUTS.items():
        example = of["example"]["params"]
        assert set(example) <= set(of["schema"]["properties"]) == set(of["parameters"])
        composed(workshop, stack(2), layout, example)


FRAME = {"border_width": 0.06, "border_color": "orange", "radius": 0.2, "shadow": 0.7}


@pytest.mark.parametrize(
    ("layout", "params", "places"),
    [
        ("picture_in_picture", {"size": 0.5}, inset("right", "bottom", "0.5")),
        ("grid", {"gap": 0.2}, cells(2, 2, "0.2")),
    ],
)
@pytest.mark.parametrize("frame", [FRAME, {"radius": 0.3}, {"border_width": 0.1}, {"shadow": 0.5}], ids=str)
def test_frames_are_on_what_lies_over_the_ground_and_not_on_the_ground(
    workshop: Workshop, layout: str, params: Params, places: list[Box], frame: Params
) -> None:
    border = {"width": frame.get("border_width", 0), "radius": frame.get("radius", 0)}
    lined = any(border.values())
    border["color"] = frame.get("border_color", "white")
    due = on_canvas(BLUE, (0, WIDTH, 0, HEIGHT))
    edges = np.zeros((HEIGHT, WIDTH), bool)
    for look, place in zip(LOOKS, places, strict=False):
        framed = place != (0, WIDTH, 0, HEIGHT)
        picture = on_canvas(look, place, border if framed and lined else None)
        due = shadowed(picture, due, 8, 6, frame.get("shadow", 0) if framed else 0)
        edges |= hard_edges(picture.a)
    found = drawn(workshop, composed(workshop, stack(len(places)), layout, params | frame))
    assert all(psnr(picture, due, without=edges) >= 40 for picture in found)
    bare = drawn(workshop, composed(workshop, stack(len(places)), layout, params))
    assert psnr(bare[0], due) < psnr(found[0], due)


@pytest.mark.parametrize(("fit", "edge"), [("contain", 32 + (256 - 144) // 2), ("cover", 32), ("stretch", 32)])
def test_a_picture_of_another_shape_meets_its_rectangle_as_asked(workshop: Workshop, fit: str, edge: int) -> None:
    """A square in a rectangle of 256 by 144 pixels."""
    place = {"x": 0.1, "y": 0.1, "width": 0.8, "height": 0.8}
    (picture, _) = drawn(workshop, composed(workshop, stack(1), "rectangles", {"rectangles": [place], "fit": fit}))
    left = int(np.flatnonzero(np.abs(picture.y[90] - LOOKS[0][0]) <= 1)[0])
    assert left == edge


def test_a_layout_touches_its_clips_and_nothing_else_and_the_finished_film_has_it(workshop: Workshop) -> None:
    """What comes after them keeps its segment; once more with another layout leaves nothing of the first."""
    laid = [*stack(2), Laid("flat2", 0, frames(2), at=frames(2))]
    before = workshop.plan(laid, background=BACKGROUND)
    framed = composed(workshop, laid, "picture_in_picture", {"corner": "top_left", "shadow": 1, "border_width": 0.1})
    plan = workshop.planned(framed)
    assert [segment.frames for segment in plan.segments] == [2, 2]
    assert plan.segments[1].key == before.segments[-1].key and plan.segments[0].key != before.segments[0].key
    shown = workshop.pixels(workshop.film(plan))
    x, y = WIDTH * 3 // 20, HEIGHT * 3 // 20
    assert near(colour(shown, 0, x + 16, y + 9), LOOKS[1]) and near(colour(shown, 1, 250, 150), LOOKS[0])
    assert near(colour(shown, 2, 160, 90), LOOKS[2])

    again = [ApplyLayout("side_by_side", ["c0", "c1"])]
    anew = decide_batch(again, framed, Shelf(), EditId("anew")).project
    plain = composed(workshop, laid, "side_by_side", {})
    assert [segment.key for segment in workshop.planned(anew).segments] == [
        segment.key for segment in workshop.planned(plain).segments
    ]
    assert decide_batch(again, anew, Shelf(), EditId("once more")).facts == []
