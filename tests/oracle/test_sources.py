"""Every source is what its recipe says: the frames in order at their times, the sound in its place."""

from fractions import Fraction

import numpy as np
import pytest

from tests.oracle import lanes, recipes, sound
from tests.oracle.film import open_film
from tests.oracle.programs import builds
from tests.oracle.sources import Studio

pytestmark = pytest.mark.ffmpeg

MOVING = [name for name, recipe in recipes.RECIPES.items() if recipe.frames > 1]


@pytest.mark.parametrize("name", MOVING)
def test_every_frame_of_a_source_names_itself(studio: Studio, name: str) -> None:
    source = studio[name]
    film = open_film(source.path, builds()[0])
    readings = lanes.read(film.luma, lanes.FULL)
    read = [[(seen.source, seen.frame) for seen in frame.values()] for frame in readings]
    assert read == [[(source.number, n)] for n in range(source.recipe.frames)]
    assert all(abs(frame[source.number].weight - 1) < 0.1 for frame in readings)


@pytest.mark.parametrize("name", MOVING)
def test_every_frame_of_a_source_has_its_time(studio: Studio, name: str) -> None:
    source = studio[name]
    due = [
        Fraction(recipes.uneven(n), 90_000) if name == "phone" else n / source.recipe.rate
        for n in range(len(source.times))
    ]
    tick = Fraction(1, 1_000)  # the coarsest clock of a container here: Matroska's
    assert len(source.times) == source.recipe.frames
    assert all(abs(time - source.times[0] - nominal) <= tick for time, nominal in zip(source.times, due, strict=True))


def test_sources_start_where_they_are_meant_to(studio: Studio) -> None:
    picture = {name: studio[name].times[0] for name in ("film", "lagging", "early", "late")}
    heard = {name: studio[name].sound_start for name in ("film", "lagging", "early")}
    assert (picture["film"], picture["lagging"], picture["early"]) == (Fraction(0), Fraction(2, 5), Fraction(0))
    assert heard == {"film": 0, "lagging": 0, "early": Fraction(1, 4)}
    assert picture["late"] > 0


def test_numbers_are_unique() -> None:
    numbers = [recipe.number for recipe in recipes.RECIPES.values()]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(("rate", "shift"), [(48_000, 0.0), (44_100, 0.0), (48_000, 0.5)])
def test_a_stretch_of_noise_is_found_to_a_tenth_of_a_sample(rate: int, shift: float) -> None:
    place = sound.locate(sound.noise(5, rate, shift)[30_000:32_048] * 0.25, 5, rate)
    assert place is not None
    assert abs(place.position - 30_000 - shift) < 0.1
    assert place.likeness > 0.95


def test_a_tones_loudness_is_told_beside_others() -> None:
    both = sound.recording(5, 48_000, 2)[9_000:11_048, 0] * 0.25 + sound.recording(7, 48_000, 2)[9_000:11_048, 0]
    assert abs(sound.tone_gain(both.astype(np.float64), 5, 48_000, np.ones(2_048)) - 0.25) < 0.01


def test_another_sources_noise_is_not_found() -> None:
    assert sound.locate(sound.noise(6, 48_000)[1_000:3_048], 5, 48_000) is None


def test_the_tone_names_its_source() -> None:
    left = sound.recording(7, 48_000, 2)[5_000:9_096, 0].astype(np.float64)
    assert sound.named(left, 48_000) == 7
    assert sound.named(np.zeros(4_096), 48_000) is None
