"""Timelines that nobody chose, held to the same: every frame and every sound is the one due.

``STOAT_FIDELITY_EXAMPLES`` asks for a longer campaign of other timelines each time.
"""

import os
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from domain.timeline.events import TrackKind
from tests.oracle import expect
from tests.oracle.check import faults
from tests.oracle.lanes import FULL, Rect
from tests.oracle.programs import builds
from tests.oracle.recipes import FILM, NTSC, RECIPES
from tests.oracle.render import Darkroom
from tests.oracle.sources import Studio
from tests.oracle.timeline import FLICKS, Lay, Row, Timeline, frames, seconds

pytestmark = pytest.mark.ffmpeg

EXAMPLES = os.environ.get("STOAT_FIDELITY_EXAMPLES")
RATES = [FILM, Fraction(25), NTSC, Fraction(30), Fraction(50), Fraction(60)]
PICTURES = sorted(name for name, recipe in RECIPES.items() if recipe.frames)
SOUNDS = sorted(name for name, recipe in RECIPES.items() if recipe.sound and not recipe.frames)
FIFTHS = [Fraction(n, 20) for n in range(8, 21)]


@pytest.fixture(scope="module")
def darkroom(tmp_path_factory: pytest.TempPathFactory) -> Darkroom:
    return Darkroom(tmp_path_factory.mktemp("units"), builds()[0])


@st.composite
def rects(draw: st.DrawFn) -> Rect:
    """The whole canvas, or a part of it that is large enough to be read."""
    if draw(st.booleans()):
        return FULL
    width, height = draw(st.sampled_from(FIFTHS)), draw(st.sampled_from(FIFTHS))
    return Rect(
        draw(st.sampled_from([Fraction(0), 1 - width])), draw(st.sampled_from([Fraction(0), 1 - height])), width, height
    )


@st.composite
def lays(draw: st.DrawFn, studio: Studio, names: list[str], rate: Fraction, earliest: int) -> Lay:
    """Part of a source, on the frames of either clock or between them, some time after ``earliest``."""
    source = studio[draw(st.sampled_from(names))]
    still = source.recipe.still
    whole = seconds(3) if still else seconds(source.length)
    on_a_frame = [int(time * FLICKS) for time in source.times if time * FLICKS < whole - seconds("0.1")]
    begin = 0 if still else draw(st.sampled_from(on_a_frame or [0]) | st.integers(0, whole - seconds("0.1")))
    longest = min(whole - begin, seconds("0.9"))
    count = int(Fraction(longest, FLICKS) * rate)
    lasting = draw(st.integers(1, count).map(lambda n: frames(n, rate)) | st.integers(seconds("0.02"), longest))
    gap = draw(
        st.just(0) | st.just(0) | st.integers(0, seconds("0.3")) | st.integers(0, 9).map(lambda n: frames(n, rate))
    )
    fade = st.just(0) | st.just(0) | st.integers(0, lasting // 2)
    rect = draw(rects()) if source.recipe.frames else FULL
    return Lay(
        source,
        begin,
        begin + lasting,
        earliest + gap,
        draw(st.sampled_from(["contain", "cover", "stretch"])),
        rect,
        draw(fade),
        draw(fade),
        draw(st.sampled_from([1_000_000, 1_000_000, 500_000, 0])),
    )


@st.composite
def timelines(draw: st.DrawFn, studio: Studio) -> Timeline:
    """Up to two video tracks and an audio track, about two seconds long."""
    rate = draw(st.sampled_from(RATES))
    rows: list[Row] = []
    for names, least, most in ((PICTURES, 1, 4), (PICTURES, 0, 2), (SOUNDS, 0, 1)):
        laid: list[Lay] = []
        for _ in range(draw(st.integers(least, most))):
            laid.append(draw(lays(studio, names, rate, laid[-1].end if laid else 0)))
        kind: TrackKind = "audio" if names is SOUNDS else "video"
        hidden, muted = draw(st.sampled_from([(False, False)] * 6 + [(True, False), (False, True)]))
        rows.append(Row(tuple(laid), kind, draw(st.sampled_from([1_000_000, 700_000])), muted, hidden))
    size = draw(st.sampled_from([(320, 180), (480, 270), (240, 320)]))
    fade = st.just(0) | st.integers(seconds("0.001"), rows[0].lays[-1].end // 2)
    return Timeline(tuple(rows), rate, size, fade_in=draw(fade), fade_out=draw(fade))


@settings(
    max_examples=int(EXAMPLES or 12),
    derandomize=EXAMPLES is None,
    deadline=None,
    phases=[Phase.generate],  # a smaller timeline costs minutes to find and seconds to make by hand
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(drawn=st.data())
def test_any_timeline_is_rendered_as_it_says(studio: Studio, darkroom: Darkroom, drawn: st.DataObject) -> None:
    timeline = drawn.draw(timelines(studio))
    assume(expect.length(timeline) > 0)
    assert faults(darkroom.film(timeline), timeline) == []
