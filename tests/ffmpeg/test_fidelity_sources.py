"""What the library says of a file is what is true of it: every frame's time, and where its sound begins."""

from fractions import Fraction

import pytest

from tests.oracle.programs import Build, builds
from tests.oracle.recipes import RECIPES
from tests.oracle.render import described
from tests.oracle.sources import Studio
from tests.oracle.timeline import FLICKS

pytestmark = pytest.mark.ffmpeg


@pytest.mark.parametrize("build", builds(), ids=lambda build: build.name)
@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.frames > 1])
def test_the_frame_table_has_every_frame_at_its_time(studio: Studio, build: Build, name: str) -> None:
    source = studio[name]
    found = described(source.path, build)
    assert found.video is not None
    base = Fraction(found.video.time_base.num, found.video.time_base.den)
    times = [tick * base - Fraction(found.origin, FLICKS) for tick in found.video.frames.times()]
    assert len(times) == len(source.times)
    assert times == list(source.times)


@pytest.mark.parametrize("build", builds(), ids=lambda build: build.name)
@pytest.mark.parametrize("name", [name for name, recipe in RECIPES.items() if recipe.sound])
def test_the_sound_begins_where_it_does(studio: Studio, build: Build, name: str) -> None:
    source = studio[name]
    found = described(source.path, build)
    assert found.audio is not None and source.sound_start is not None
    priming = Fraction(2_048, found.audio.sample_rate)  # an encoder may put silence before its first sample
    assert 0 <= source.sound_start - Fraction(found.audio.start, FLICKS) <= priming
