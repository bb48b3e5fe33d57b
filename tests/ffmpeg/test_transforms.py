"""Where a clip lies on the canvas: its rectangle to the pixel, turned, half there, and on its way."""

from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
import pytest

from domain.timeline.events import Bezier, Key, Transform
from tests.ffmpeg.films import HEIGHT, WIDTH, Laid, Workshop, effect, flicks, frames, title
from tests.ffmpeg.picture import Picture, Plane, hard_edges, psnr
from tests.ffmpeg.references import PROOFS
from tests.ffmpeg.references.blur import normal
from tests.ffmpeg.references.moving import value
from tests.ffmpeg.references.proof import even
from tests.ffmpeg.test_effects import BACKGROUND, BLUE, CARD, LOSSLESS, pictures, segments, wanted
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

WHOLE = 10
HIGH, LEFT, TOP = 88, WIDTH // 4, 46
SMALL = Transform(250_000, 255_556, 500_000, 488_889)  # 160x88 in the middle of the canvas


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("transforms"), build)
    made.source("card.mp4", CARD.replace(f"{WIDTH}x{HEIGHT}", f"{WIDTH // 2}x{HIGH}"), *LOSSLESS)
    made.flat("flat.mp4", (180, 90, 160))
    return made


@pytest.fixture(scope="module")
def card(workshop: Workshop) -> list[Picture]:
    """The card's frames in the middle of an empty canvas."""
    plan = workshop.plan([Laid("card", 0, frames(WHOLE), transform=SMALL)], background=BACKGROUND)
    here = np.zeros((HEIGHT, WIDTH))
    here[TOP : TOP + HIGH, LEFT:-LEFT] = 1
    return [replace(picture, a=here) for picture in pictures(workshop.drawn(plan.units[0]))]


def drawn(workshop: Workshop, *laid: Laid) -> list[Picture]:
    """The one segment of clips on tracks."""
    (unit,) = workshop.plan(laid, background=BACKGROUND).units
    return pictures(workshop.drawn(unit))


def on_card(**fields: Any) -> Laid:
    return Laid("card", 0, frames(WHOLE), **{"transform": SMALL, **fields})


@pytest.mark.parametrize("angle", [30, -90, 180, 725])
def test_a_clip_turns_around_the_middle_of_its_rectangle(workshop: Workshop, card: list[Picture], angle: int) -> None:
    found = drawn(workshop, on_card(transform=msgspec.structs.replace(SMALL, rotation=angle * 1_000_000)))
    for picture, bare in zip(found, card, strict=True):
        due = PROOFS["rotate"].reference(bare, {"angle": angle})
        assert psnr(picture, due.over(BLUE), without=hard_edges(due.a)) >= PROOFS["rotate"].least
    assert psnr(found[0], card[0].over(BLUE)) < 25


def test_a_turned_clip_reaches_out_of_its_rectangle_and_is_cut_off_by_the_canvas(workshop: Workshop) -> None:
    """A corner of the canvas: two thirds of the rectangle lie outside."""
    place = Transform(-250_000, -250_000, 500_000, 500_000, rotation=45_000_000)
    (picture, *_) = drawn(workshop, Laid("flat", 0, frames(1), fit="stretch", transform=place))
    x, y = np.arange(WIDTH)[None, :] + 0.5, np.arange(HEIGHT)[:, None] + 0.5
    along, across = (x + y) / np.sqrt(2), (y - x) / np.sqrt(2)
    inside = (np.abs(along) < WIDTH / 4 - 2) & (np.abs(across) < HEIGHT / 4 - 2)
    outside = (np.abs(along) > WIDTH / 4 + 2) | (np.abs(across) > HEIGHT / 4 + 2)
    assert np.all(np.abs(picture.y[inside] - 180) <= 1) and np.all(np.abs(picture.y[outside] - BLUE[0]) <= 1)
    assert inside.sum() > 2000


def test_opacity_shows_what_lies_beneath(workshop: Workshop, card: list[Picture]) -> None:
    thin = on_card(transform=msgspec.structs.replace(SMALL, opacity=300_000), track=1)
    found = drawn(workshop, Laid("flat", 0, frames(WHOLE), fit="stretch"), thin)
    for picture, bare in zip(found, card, strict=True):
        assert psnr(picture, replace(bare, a=bare.a * 0.3).over((180, 90, 160))) >= 50


def test_a_picture_that_moves_is_at_every_frame_where_its_keys_say(workshop: Workshop, card: list[Picture]) -> None:
    """Out of the canvas at both ends; the size stays, so that every pixel can be told."""
    bend = Bezier(300_000, 0, 500_000, 1_000_000)
    keys = {
        "x": [Key(flicks(frames(2)), -600_000, bend), Key(flicks(frames(8)), 1_100_000, "linear")],
        "y": [Key(flicks("0.05"), 700_000, "linear"), Key(flicks("0.3"), -200_000, "linear")],
    }
    found = drawn(workshop, on_card(keyframes=keys))
    assert len(found) == WHOLE
    for number, (picture, bare) in enumerate(zip(found, card, strict=True)):
        now = {name: float(value(curve, flicks(frames(number))) / 10**6) for name, curve in keys.items()}
        due = moved(bare, even(now["x"], WIDTH) - LEFT, even(now["y"], HEIGHT) - TOP)
        assert psnr(picture, due.over(BLUE)) >= 55, number


def moved(picture: Picture, right: int, down: int) -> Picture:
    def shifted(plane: Plane) -> Plane:
        scale = WIDTH // plane.shape[1]
        wide = np.pad(plane, HEIGHT * 2 + WIDTH * 2)
        edge = HEIGHT * 2 + WIDTH * 2
        top, left = edge - down // scale, edge - right // scale
        return wide[top : top + plane.shape[0], left : left + plane.shape[1]]

    return picture.planes(shifted)


def test_a_rectangle_that_grows_turns_and_fades_has_its_edges_at_every_frame(workshop: Workshop) -> None:
    """Each frame is the one that a clip at rest would have, with an effect, a text and a fade on it."""
    told = [("x", 100_000, 400_000), ("width", 200_000, 600_000), ("height", 300_000, 700_000)]
    told += [("rotation", 0, 50_000_000), ("opacity", 1_000_000, 400_000)]
    keys = {
        name: [Key(flicks(frames(2)), first, "ease_in_out"), Key(flicks(frames(7)), last, "linear")]
        for name, first, last in told
    }
    stack = (effect("vignette", **wanted("vignette", {})), title("H", 0, frames(WHOLE), font_size=30))
    laid = on_card(fit="cover", keyframes=keys, effects=stack, fade_in=frames(WHOLE))
    found = workshop.drawn(segments(workshop, laid)[0])
    for number in (1, 4, 9):
        now = {name: int(value(curve, flicks(frames(number)))) for name, curve in keys.items()}
        rest = replace(laid, keyframes={}, transform=msgspec.structs.replace(SMALL, **now))
        due = workshop.drawn(segments(workshop, rest)[0])
        assert all(np.array_equal(a[number], b[number]) for a, b in zip(found, due, strict=True)), number


def test_the_edges_of_a_growing_rectangle_are_to_the_pixel(workshop: Workshop) -> None:
    keys = {"width": [Key(0, 100_000, "linear"), Key(flicks(frames(9)), 900_000, "linear")]}
    place = Transform(50_000, 100_000, 100_000, 500_000)
    found = drawn(workshop, Laid("flat", 0, frames(WHOLE), fit="stretch", transform=place, keyframes=keys))
    for number, picture in enumerate(found):
        now = float(value(keys["width"], flicks(frames(number))) / 10**6)
        left, right, top, bottom = even(0.05, WIDTH), even(0.05 + now, WIDTH), even(0.1, HEIGHT), even(0.6, HEIGHT)
        due = np.full((HEIGHT, WIDTH), float(BLUE[0]))
        due[top:bottom, left:right] = 180
        assert np.abs(picture.y - due).max() <= 1, number


def test_a_full_clip_beneath_one_that_moves_is_drawn(workshop: Workshop) -> None:
    """Also where the one above fills the canvas at first, and nothing is encoded twice while both rest."""
    keys = {
        "x": [Key(flicks("1.2"), 0, "hold"), Key(flicks("1.5"), 0, "linear"), Key(flicks("1.7"), 500_000, "linear")]
    }
    long = workshop.flat("ground.mp4", (60, 128, 128))
    above = Laid("flat", 0, frames(59), fit="stretch", track=1, keyframes=keys)
    plan = workshop.plan([Laid(long, 0, frames(59), fit="stretch"), above], background=BACKGROUND)
    assert [(segment.start_frame, segment.frames) for segment in plan.segments] == [(0, 36), (36, 23)]
    units = {unit.key: unit for unit in plan.units}
    resting, moving = (units[segment.key] for segment in plan.segments)
    assert resting.media == ["flat"]
    luma = workshop.drawn(moving)[0]
    assert [int(np.argmax(frame[90] > 100)) for frame in luma[[0, 12, 15, 22]]] == [0, 80, 160, 160]
    assert luma[15, 90, 0] == 60


def shadowed(bare: Picture, ground: Picture, distance: int, blur: int, opacity: float) -> Picture:
    """A picture on a ground with a black shadow between them."""
    wide = np.pad(bare.a, room := distance + 4 * blur)  # nothing throws a shadow from beyond the canvas
    thrown = normal(np.roll(wide, (distance, distance), axis=(0, 1)), blur)[room:-room, room:-room] * opacity
    return bare.on(replace(bare, a=thrown).filled((16, 128, 128)).on(ground))


@pytest.mark.parametrize("angle", [0, 180])
def test_a_shadow_falls_to_the_lower_right_and_outside_the_picture(
    workshop: Workshop, card: list[Picture], angle: int
) -> None:
    """And turns with the clip."""
    one = effect("drop_shadow", **wanted("drop_shadow", {"distance": 12, "blur": 4, "opacity": "0.6"}))
    place = msgspec.structs.replace(SMALL, rotation=angle * 1_000_000)
    (found, *_) = drawn(workshop, on_card(effects=(one,), transform=place))
    upright = found.planes(lambda plane: plane[::-1, ::-1]) if angle else found
    due = shadowed(card[0], card[0].filled(BLUE), 12, 4, 0.6)
    assert psnr(upright, due, without=hard_edges(card[0].a)) >= 42
    corner = upright.y[TOP + HIGH + 4, WIDTH - LEFT + 4], upright.y[TOP - 4, LEFT - 4]
    assert corner[0] < 26 and abs(corner[1] - BLUE[0]) <= 1
