"""Gains that move: every sample has the value of its moment, told by an interpolation of their own."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from numpy.typing import NDArray

from domain.ids import EditId
from domain.time import Moment
from domain.timeline.commands import SplitClip
from domain.timeline.decide import decide
from domain.timeline.events import Bezier, Key
from domain.timeline.state import State
from rust_core import Project
from tests.domain.scenario import Shelf
from tests.ffmpeg.films import Laid, Workshop, effect, flicks
from tests.ffmpeg.references.moves import HEARD_MOVES
from tests.ffmpeg.references.moving import CSS
from tests.ffmpeg.references.sound import SOUNDS
from tests.ffmpeg.test_plan_sound import BLEND, NOISE, RATE, Sound, cut_out, mixed, original
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

Exact = NDArray[np.float64]
FLICK = flicks(1) // RATE
STEEP = Bezier(1_000_000, 0, 0, 1_000_000)
EASINGS: list[Any] = ["linear", "hold", "ease_in", "ease_in_out", STEEP]
FILTERS = {
    "lowpass": {"frequency": 2_000_000_000, "q": 700_000},
    "eq_peak": {"frequency": 2_000_000_000, "q": 700_000, "gain": 6_000_000},
}
NEAR = 2e-5  # of a line to the way that it stands for, and six places


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("moves"), build)
    sides = NOISE.format(RATE, 2) + "[l];" + NOISE.format(RATE, 2).replace("seed=7", "seed=8")
    made.source("wide.wav", f"{sides}[r];[l][r]join=inputs=2:channel_layout=stereo", "-c:a", "pcm_f32le")
    made.source("other.wav", NOISE.format(44_100, 2), "-ac", "2", "-c:a", "pcm_f32le")
    made.source("long.wav", NOISE.format(RATE, 24), "-ac", "2", "-c:a", "pcm_f32le")
    return made


def keys(ends: tuple[float, float], easing: Any, begin: str = "0.20001", end: str = "0.7") -> list[Key]:
    """From the one to the other between two moments, and half the way back in a second and a half."""
    low, high = (round(1_000_000 * end) for end in ends)
    back = Key(flicks(end) + flicks("0.8"), (low + high) // 2, "linear")
    return [Key(flicks(begin), low, easing), Key(flicks(end), high, "linear"), back]


def course(of: list[Key], samples: int, first: int = 0) -> Exact:
    """The value at every sample."""
    t = (np.arange(first, first + samples) * FLICK).astype(np.float64)
    now = np.full(samples, of[0].value / 1e6)
    for key, after in pairwise(of):
        part = np.clip((t - key.t) / (after.t - key.t), 0, 1)
        now = np.where(t >= key.t, (key.value + (after.value - key.value) * gone(key, part)) / 1e6, now)
    return np.where(t >= of[-1].t, of[-1].value / 1e6, now)


def gone(key: Key, part: Exact) -> Exact:
    """How much of the way is gone when a part of the time is: on a Bézier by halving."""
    if isinstance(key.easing, str) and key.easing not in CSS:
        return part if key.easing == "linear" else np.zeros_like(part)
    bend = CSS[key.easing] if isinstance(key.easing, str) else key.easing
    low, high = np.zeros_like(part), np.ones_like(part)
    for _ in range(50):
        middle = (low + high) / 2
        before = along(bend.x1, bend.x2, middle) < part
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return along(bend.y1, bend.y2, high)


def along(a: int, b: int, s: Exact) -> Exact:
    return 3 * (1 - s) ** 2 * s * a / 1e6 + 3 * (1 - s) * s**2 * b / 1e6 + s**3


@pytest.mark.parametrize("easing", EASINGS, ids=str)
def test_a_clip_s_volume_moves_from_sample_to_sample(workshop: Workshop, easing: Any) -> None:
    moves = keys((0, 2), easing)
    found = mixed(workshop, workshop.plan([Laid("wide", 0, 2, at="0.5", keyframes={"volume": moves})]))[RATE // 2 :]
    due = original(workshop, "wide") * course(moves, 2 * RATE)[:, None]
    assert np.abs(found - due).max() < NEAR


@pytest.mark.parametrize("kind", HEARD_MOVES)
def test_every_sample_has_the_gains_of_its_moment(workshop: Workshop, kind: str) -> None:
    """On a window of its own, whose start its keys are counted from."""
    ((name, ends),) = HEARD_MOVES[kind].items()
    first, reference = RATE // 4, SOUNDS[kind].reference
    for easing in ("linear", "ease_in_out"):
        moves = keys(ends, easing)
        one = replace(effect(kind, "0.25", **{name: 0}), keyframes={name: moves})
        found = mixed(workshop, workshop.plan([Laid("wide", 0, 2, effects=(one,))]))
        bare = original(workshop, "wide").astype(np.float64)
        assert np.array_equal(found[:first], bare[:first])
        now = course(moves, 2 * RATE - first)
        places = np.arange(RATE // 1000, len(now), 997)  # behind the blend at the window's start
        due = [reference(bare[first + at : first + at + 1], {name: now[at]})[0] for at in places]
        assert np.abs(found[first + places] - due).max() < NEAR
    assert np.abs(found - bare).max() > 0.1


def test_gains_are_the_same_wherever_the_film_is_cut_for_encoding(workshop: Workshop) -> None:
    """``mixed`` looks that what two parts read is the same in both: the way lies across their seam."""
    moves = [Key(flicks("9.5"), 0, "ease_in_out"), Key(flicks("12.5"), 2_000_000, "linear")]
    plan = workshop.plan([Laid("long", 0, 24, keyframes={"volume": moves})])
    assert len(plan.sound) == 3
    due = original(workshop, "long") * course(moves, 24 * RATE)[:, None]
    assert np.abs(mixed(workshop, plan) - due).max() < NEAR


def test_a_thousand_keys_are_heard(workshop: Workshop) -> None:
    moves = [Key(number * 96 * FLICK, (number * 619) % 1000 * 1000, "linear") for number in range(1000)]
    found = mixed(workshop, workshop.plan([Laid("wide", 0, 2, keyframes={"volume": moves})]))
    due = (
        original(workshop, "wide")
        * np.interp(np.arange(2 * RATE), [key.t / FLICK for key in moves], [key.value / 1e6 for key in moves])[:, None]
    )
    assert np.abs(found - due).max() < NEAR


def test_what_moves_the_sound_makes_no_picture_anew(workshop: Workshop) -> None:
    graph = f"testsrc2=s=320x180:r=30:d=1,format=yuv420p[out0];{NOISE.format(RATE, 1)}[out1]"
    both = workshop.source("both.mp4", graph, "-c:v", "libx264")
    moves = {"volume": keys((0, 1), "linear")}
    rests, moving = (workshop.plan([Laid(both, 0, 1, keyframes=on_it)]) for on_it in ({}, moves))
    assert rests.segments == moving.segments and rests.sound != moving.sound


def split(workshop: Workshop, whole: Project, at: int) -> Project:
    state = State(whole, Shelf(), EditId(f"edit_{at}"), 0)
    return state.after(decide(SplitClip("c0", Moment(flicks=at)), state)).project


@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    source=st.sampled_from(["wide", "other"]),
    begin=st.integers(0, flicks("0.5")),
    at=st.integers(0, flicks("0.5")),
    cut=st.integers(flicks("0.1"), flicks("1.1")),
    again=st.integers(flicks("0.1"), flicks("1.1")),
    kind=st.sampled_from([None, *HEARD_MOVES, *FILTERS]),
    moves=st.booleans(),
)
def test_a_split_anywhere_sounds_the_same_to_the_sample(
    workshop: Workshop, source: str, begin: int, at: int, cut: int, again: int, kind: str | None, moves: bool
) -> None:
    """At any moment, between samples as well; what moves goes on, and so does what remembers."""
    seconds = [f"{time / 705_600_000:.9f}" for time in (begin, at)]
    ways = {name: keys(ends, "ease_out") for name, ends in HEARD_MOVES.get(kind or "", {}).items()}
    params: dict[str, int] = FILTERS.get(kind or "", dict.fromkeys(ways, 0))
    ones = (replace(effect(kind, 0, **params), keyframes=ways),) if kind else ()
    volume = {"volume": keys((0.2, 1), "linear")} if moves else {}
    laid = Laid(source, seconds[0], "1.2", seconds[1], effects=ones, keyframes=volume)
    whole = workshop.project([laid])
    halves = split(workshop, whole, flicks(seconds[1]) + cut)
    parts = halves if again >= cut else split(workshop, halves, flicks(seconds[1]) + again)
    one, other = (mixed(workshop, workshop.planned(project)) for project in (whole, parts))
    if kind or moves:  # a gain at rest and a filter that begins elsewhere round to another last digit
        assert np.allclose(one, other, rtol=3e-7, atol=1e-6 if kind in FILTERS else 0)
    else:
        assert np.array_equal(one, other)
    assert one.any()


def test_a_join_is_blended_where_the_sound_does_not_go_on(workshop: Workshop) -> None:
    """Another place of the source, another volume, or an effect on one side only."""
    source = original(workshop, "wide")
    half, rest = source[: RATE // 2], source[RATE // 2 : RATE]

    def joined(begin: str = "0.5", **fields: Any) -> Sound:
        return mixed(workshop, workshop.plan([Laid("wide", 0, "0.5"), Laid("wide", begin, "0.5", at="0.5", **fields)]))

    assert np.array_equal(joined()[: RATE - BLEND], source[: RATE - BLEND])
    first = cut_out(half, begins=False)
    for found, second in (
        (joined("0.75"), cut_out(source[RATE * 3 // 4 : RATE * 5 // 4])),
        (joined(volume=500_000), cut_out(rest) / 2),
        (joined(effects=(effect("volume", gain=500_000),)), cut_out(rest) / 2),
    ):
        assert np.allclose(found[: RATE // 2], first, atol=1e-6)
        assert np.allclose(found[RATE // 2 :], second, atol=1e-6)
