"""Parameters that move: every frame is what the effect makes of it with the values of its moment, told by an
interpolation and by references of their own."""

import dataclasses
from fractions import Fraction
from math import floor
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from domain.render.plan import Plan
from domain.timeline.events import Bezier, Effect, Key, Transform
from tests.ffmpeg import test_plan_pictures
from tests.ffmpeg.films import Laid, Workshop, effect, flicks, frames, title
from tests.ffmpeg.picture import Picture, hard_edges, psnr
from tests.ffmpeg.references import PROOFS, Params
from tests.ffmpeg.references.moves import HEARD_MOVES, MOVES
from tests.ffmpeg.references.moving import value
from tests.ffmpeg.test_effects import BACKGROUND, BLUE, CARD, DEFINITIONS, LOSSLESS, pictures, segments, wanted
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

WHOLE = 9
BEND = Bezier(800_000, 100_000, 300_000, 900_000)
EASINGS = ("linear", BEND, "ease_in", "ease_out", "ease_in_out")
LEAST = {"pixelate": 40}  # on its way, its squares are no whole number of pixels
# by a test of their own: no reference in numpy has their pixels
ELSEWHERE = {"film_grain": {"strength"}, "text_overlay": {"font_size"}, "drop_shadow": {"opacity"}}


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("keyframes"), build)
    made.source("card.mp4", CARD, *LOSSLESS)
    return made


@pytest.fixture(scope="module")
def card(workshop: Workshop) -> list[Picture]:
    plan = workshop.plan([Laid("card", 0, frames(WHOLE))], background=BACKGROUND)
    return pictures(workshop.drawn(plan.units[0]))


def moving(kind: str, moves: dict[str, tuple[float, float]], **params: Any) -> Effect:
    """Before its first key for two frames, behind its last from the sixth on; every second key between two frames."""
    one = effect(kind, **wanted(kind, params))
    keys = {}
    for number, (name, ends) in enumerate(sorted(moves.items())):
        times = (frames(2), frames(6)) if number % 2 == 0 else (Fraction(7, 4) / 30, Fraction(23, 4) / 30)
        ways = (EASINGS[number % len(EASINGS)], "hold")
        told = zip(times, ends, ways, strict=True)
        keys[name] = [Key(flicks(t), round(end * 1_000_000), way) for t, end, way in told]
    return replace(one, keyframes=keys)


def at(one: Effect, frame: int) -> Params:
    """The values that move, at the start of a frame of the effect, as people write them."""
    found: Params = {}
    for name, keys in one.keyframes.items():
        now = value(keys, flicks(frames(frame)))
        whole = DEFINITIONS[one.effect_type]["parameters"][name]["type"] == "integer"
        found[name] = floor(now / 10**6 + Fraction(1, 2)) if whole else float(now / 10**6)
    return found


def still(one: Effect, frame: int) -> Effect:
    """The effect as it is at a frame, with nothing moving."""
    now = {name: got if isinstance(got, int) else round(got * 10**6) for name, got in at(one, frame).items()}
    return replace(one, params=one.params | now, keyframes={})


def test_every_parameter_that_can_move_is_proved() -> None:
    movable = {kind: set(of["keyframable"]) for kind, of in DEFINITIONS.items() if of["keyframable"]}
    proved = {kind: set(moves) for kind, moves in (MOVES | HEARD_MOVES).items()}
    assert proved | ELSEWHERE == movable


@pytest.mark.parametrize("kind", MOVES)
def test_every_frame_has_the_values_of_its_moment(workshop: Workshop, card: list[Picture], kind: str) -> None:
    fixed = {name: given for name, given in DEFINITIONS[kind]["example"]["params"].items() if name not in MOVES[kind]}
    one = moving(kind, MOVES[kind], **fixed)
    (unit,) = segments(workshop, Laid("card", 0, frames(WHOLE), effects=(one,)))
    found = pictures(workshop.drawn(unit))
    assert len(found) == WHOLE
    usual = {name: of["default"] for name, of in DEFINITIONS[kind]["parameters"].items() if "default" in of}
    proof = PROOFS[kind]
    for number, (picture, bare) in enumerate(zip(found, card, strict=True)):
        near = [number] if number in (0, WHOLE - 1) else [number - 1, number, number + 1]
        due = {moment: proof.reference(bare, usual | fixed | at(one, moment)) for moment in near}
        likeness = {
            moment: psnr(picture, made.over(BLUE), proof.border, hard_edges(made.a)) for moment, made in due.items()
        }
        assert likeness[number] >= LEAST.get(kind, proof.least), number
        assert likeness[number] == max(likeness.values()), number


@pytest.mark.parametrize(
    "one",
    [
        moving("film_grain", {"strength": (0.01, 0.1)}),
        moving("drop_shadow", {"opacity": (0.2, 1)}),
        replace(
            title("Az", 0, frames(WHOLE), fade_in=flicks(frames(4))),
            keyframes=moving("text_overlay", {"font_size": (12, 80)}, text="x").keyframes,
        ),
    ],
    ids=lambda one: one.effect_type,
)
def test_a_frame_is_the_one_that_an_effect_at_rest_would_have(workshop: Workshop, one: Effect) -> None:
    laid = Laid("card", 0, frames(WHOLE), transform=Transform(100_000, 100_000, 700_000, 700_000), effects=(one,))
    found = workshop.drawn(segments(workshop, laid)[0])
    for number in (0, 3, 5, 8):
        due = workshop.drawn(segments(workshop, dataclasses.replace(laid, effects=(still(one, number),)))[0])
        assert all(np.array_equal(a[number], b[number]) for a, b in zip(found, due, strict=True)), number
    assert not np.array_equal(found[0][3], found[0][5])


@pytest.mark.parametrize("easing", ["hold", "linear", "ease_in", "ease_out", "ease_in_out", BEND], ids=str)
def test_an_easing_is_exact_to_the_level(workshop: Workshop, easing: Any) -> None:
    """On one colour, twelve frames on their way between keys that lie between frames."""
    keys = [Key(flicks(Fraction(3, 100)), -300_000, easing), Key(flicks("0.41"), 500_000, "linear")]
    one = replace(effect("brightness", **wanted("brightness", {})), keyframes={"amount": keys})
    flat = workshop.flat("flat.mp4", (100, 90, 160)) if "flat" not in workshop.media else "flat"
    (unit,) = segments(workshop, Laid(flat, 0, frames(14), effects=(one,)))
    luma = workshop.drawn(unit)[0]
    due = [100 + 219 * value(keys, flicks(frames(number))) / 10**6 for number in range(14)]
    assert [set(frame.flat) for frame in luma] == [{min(max(floor(level + Fraction(1, 2)), 16), 235)} for level in due]


def test_on_the_whole_film_the_finished_picture_moves(workshop: Workshop, card: list[Picture]) -> None:
    keys = [Key(0, 0, "linear"), Key(flicks(frames(4)), 500_000, "linear")]
    whole = replace(effect("pan", **wanted("pan", {})), keyframes={"x": keys})
    corner = Transform(0, 0, 500_000, 500_000)
    laid = [Laid("card", 0, frames(6)), Laid("card", 0, frames(6), track=1, transform=corner)]
    plain = pictures(workshop.drawn(workshop.plan(laid, background=BACKGROUND).units[0]))
    found = pictures(workshop.drawn(workshop.plan(laid, [whole], BACKGROUND).units[0]))
    for number, (picture, bare) in enumerate(zip(found, plain, strict=True)):
        due = PROOFS["pan"].reference(bare, {"x": min(number, 4) / 8, "y": 0}).over(BLUE)
        assert psnr(picture, due) >= 55


def test_a_long_rest_is_the_segment_that_it_would_be_without_keys(workshop: Workshop) -> None:
    """And wherever the clip lies, its segments are the same."""
    still_at = replace(effect("brightness", **wanted("brightness", {"amount": "0.2"})))
    keys = [Key(flicks(t), level, "linear") for t, level in (("1.2", 200_000), ("1.5", 300_000))]
    moves = replace(effect("brightness", **wanted("brightness", {})), keyframes={"amount": keys})
    long = workshop.source("long.mp4", CARD.replace("d=0.5", "d=3"), *LOSSLESS)

    def keyed(lasting: str, one: Effect, at: int = 0) -> list[tuple[str, int]]:
        plan = workshop.plan([Laid(long, 0, lasting, at=at, effects=(one,))], background=BACKGROUND)
        return [(segment.key, segment.frames) for segment in plan.segments if segment.start_frame >= 30 * at]

    first, on_its_way, last = keyed("3", moves)
    assert (first[1], on_its_way[1], last[1]) == (36, 9, 45)
    assert keyed("1.2", still_at) == [first]
    assert keyed("3", moves, at=2) == [first, on_its_way, last]


def test_a_film_that_moves_has_one_header_and_every_frame(workshop: Workshop) -> None:
    clips = [
        Laid("card", 0, frames(9), at=frames(9 * place), effects=(moving(kind, MOVES[kind]),))
        for place, kind in enumerate(("zoom", "shape_mask", "levels"))
    ]
    plan: Plan = workshop.plan([*clips, Laid("card", 0, frames(9), at=frames(27))], background=BACKGROUND)
    headers = {test_plan_pictures.header(workshop, workshop.unit(unit, {})) for unit in plan.units}
    assert len(headers) == 1
    assert len(workshop.pixels(workshop.film(plan))[0]) == plan.frames == 36
