"""Transitions, seen frame by frame and heard sample by sample, on every FFmpeg of this machine."""

from collections.abc import Callable
from fractions import Fraction
from math import pi

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.timeline import events
from tests.ffmpeg.films import Laid, Workshop, colour, frames, joint, near
from tests.ffmpeg.test_plan_sound import cut_out
from tests.oracle import lanes, sound
from tests.oracle.lanes import FULL
from tests.oracle.programs import Build, builds
from tests.oracle.recipes import PCM, Recipe, Sound

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]

pytestmark = pytest.mark.ffmpeg

ROSE, MOSS = (200, 90, 160), (60, 150, 100)
BLUE = (32, 240, 118)  # #0000ff in BT.709, limited range
ONE = Recipe("one", 1, 0, Fraction(30), 90, suffix=".mov", sound=Sound(encoder=PCM))
TWO = Recipe("two", 2, 1, Fraction(25), 75, (240, 180), suffix=".mov", sound=Sound(encoder=PCM))


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("transitions"), build)
    made.flat("rose.mp4", ROSE)
    made.flat("moss.mp4", MOSS)
    made.recorded(ONE)
    made.recorded(TWO)
    return made


def mixed(one: tuple[int, ...], other: tuple[int, ...], weight: float) -> list[float]:
    return [a + (b - a) * weight for a, b in zip(one, other, strict=True)]


def test_a_dissolve_shows_the_right_frame_of_both_at_every_frame(workshop: Workshop) -> None:
    # fifteen frames around the cut at frame 30: half a frame is rounded up on either side
    laid = [Laid("one", 1, 1), Laid("two", 1, 1, at=1, fit="stretch")]
    film = workshop.film(workshop.plan(laid, joints=[joint("dissolve", 0, Fraction(1, 2))]))
    luma, _, _ = workshop.pixels(film)
    assert len(luma) == 60
    for n, seen in enumerate(lanes.read(luma, FULL)):
        coming = min(max(Fraction(n - 23, 15), Fraction(0)), Fraction(1))
        for number, frame, weight in ((1, 30 + n, 1 - coming), (2, 25 + (n - 30) * 25 // 30, coming)):
            if weight == 0:
                assert number not in seen, n
            elif weight > 0.2:  # what is fainter is lost in the coding of the film: levels are tested on flat colours
                assert seen[number].frame == frame, n
                assert abs(seen[number].weight - weight) < 0.05, n


@pytest.mark.parametrize(("align", "first"), [("center", 20), ("start", 30), ("end", 10)])
def test_frame_k_of_n_holds_k_of_n_of_the_one_that_comes(workshop: Workshop, align: str, first: int) -> None:
    laid = [Laid("rose", "0.3", 1), Laid("moss", "0.7", 1, at=1)]
    dissolve = joint("dissolve", 0, frames(20), align)  # type: ignore[arg-type]
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, joints=[dissolve])))
    assert len(pixels[0]) == 60
    for n in range(60):
        weight = min(max((n - first) / 20, 0), 1)
        assert near(colour(pixels, n, 100, 100), mixed(ROSE, MOSS, weight)), n


def test_a_picture_goes_to_a_colour_and_the_other_comes_from_it(workshop: Workshop) -> None:
    # eleven frames: five to the colour, six from it
    laid = [Laid("rose", "0.5", 1), Laid("moss", "0.5", 1, at=1)]
    through = joint("fade_color", 0, frames(11), color="#0000ff")
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, joints=[through])))
    for n in range(60):
        k = n - 25
        there = min(max(k / 5, 0), 1) if k < 5 else 1 - min((k - 5) / 6, 1)
        assert near(colour(pixels, n, 100, 100), mixed(ROSE if k < 5 else MOSS, BLUE, there)), n


def test_what_lies_beneath_is_neither_covered_nor_dimmed(workshop: Workshop) -> None:
    # two small pictures beside each other over a third: where neither is, nothing changes
    left, right = (events.Transform(x, 0, 500_000, 500_000) for x in (0, 500_000))
    laid = [
        Laid("moss", 0, 2),
        Laid("rose", "0.5", 1, track=1, transform=left),
        Laid("rose", "0.5", 1, at=1, track=1, transform=right),
    ]
    dissolve = joint("dissolve", 1, frames(10))
    pixels = workshop.pixels(workshop.film(workshop.plan(laid, joints=[dissolve])))
    for k in range(10):
        assert near(colour(pixels, 25 + k, 60, 40), mixed(ROSE, MOSS, k / 10)), k
        assert near(colour(pixels, 25 + k, 240, 40), mixed(MOSS, ROSE, k / 10)), k
        assert near(colour(pixels, 25 + k, 160, 140), MOSS), k


@pytest.mark.parametrize(
    ("kind", "curve"),
    [("equal_power", lambda part: np.sin(part * pi / 2)), ("equal_gain", lambda part: part), ("cut", np.floor)],
)
def test_sounds_go_over_into_each_other_sample_by_sample(workshop: Workshop, kind: str, curve: Curve) -> None:
    laid = [Laid("one", 1, 1), Laid("two", 1, 1, at=1)]
    plan = workshop.plan(laid, joints=[joint("dissolve", 0, Fraction(1, 2), sound=kind)])  # type: ignore[arg-type]
    (mix,) = (unit for unit in plan.units if unit.kind == "mix")
    heard = workshop.mixed(mix, {})
    at = np.arange(96_000)
    rise = np.clip((at - 36_000) / 24_000, 0, 1) if kind != "cut" else (at >= 48_000).astype(float)
    one, two = (sound.recording(number, 48_000, 2) for number in (1, 2))
    one, two = (one[48_000:144_000] * curve(1 - rise)[:, np.newaxis], two[:96_000] * curve(rise)[:, np.newaxis])
    hard = kind == "cut"  # blended like any other
    due = np.zeros_like(one)
    due[:48_000], due[48_000:] = cut_out(one[:48_000], ends=hard), cut_out(two[48_000:], begins=hard)
    due[48_000:] += one[48_000:]
    due[:48_000] += two[:48_000]
    assert np.abs(heard - due).max() < 2 / 32_768  # the sources are of 16 bits


def test_a_crossfade_cuts_the_picture(workshop: Workshop) -> None:
    laid = [Laid("rose", "0.5", 1), Laid("moss", "0.5", 1, at=1)]
    plan = workshop.plan(laid, joints=[joint("crossfade", 0, frames(20))])
    pixels = workshop.pixels(workshop.film(plan))
    assert near(colour(pixels, 29, 100, 100), ROSE)
    assert near(colour(pixels, 30, 100, 100), MOSS)
