"""Stacks of effects that nobody chose: behind them every frame of the film is still the one due."""

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import rust_core
from domain.timeline import events
from tests.oracle import expect, lanes
from tests.oracle.programs import builds
from tests.oracle.recipes import RECIPES
from tests.oracle.render import Darkroom
from tests.oracle.sources import Studio
from tests.oracle.timeline import Lay, Row, Timeline, frames

pytestmark = pytest.mark.ffmpeg

MOVING = sorted(name for name, recipe in RECIPES.items() if recipe.frames and not recipe.still)
MIDDLE = {"x": 0.3, "y": 0.42, "width": 0.4, "height": 0.16}  # no lane of the code lies there
# as strong as leaves the code's cells to be told apart, three of them on top of each other
READABLE: dict[str, dict[str, tuple[float, float]]] = {
    "brightness": {"amount": (-0.1, 0.1)},
    "contrast": {"amount": (0.8, 1.2)},
    "saturation": {"amount": (0, 3)},
    "gamma": {"amount": (0.8, 1.3)},
    "exposure": {"stops": (-0.4, 0.4)},
    "hue": {"angle": (-360, 360)},
    "white_balance": {"temperature": (-1, 1), "tint": (-0.5, 0.5)},
    "color_balance": {"red": (0.8, 1.2), "blue": (0.5, 1.5)},
    "levels": {"black_in": (0, 0.1), "white_in": (0.9, 1), "black_out": (0, 0.1)},
    "grayscale": {"amount": (0, 1)},
    "sepia": {"amount": (0, 1)},
    "colorize": {"amount": (0, 1)},
    "vignette": {"amount": (0, 0.3)},
    "film_grain": {"strength": (0.005, 0.04)},
    "gaussian_blur": {"radius": (0.5, 1)},
    "sharpen": {"amount": (0, 1)},
    "opacity": {"amount": (0.7, 1)},
    "region_blur": {"radius": (1, 20)},
    "pixelate": {"size": (2, 30)},
}


@pytest.fixture(scope="module")
def darkroom(tmp_path_factory: pytest.TempPathFactory) -> Darkroom:
    return Darkroom(tmp_path_factory.mktemp("stacks"), builds()[0])


@st.composite
def effects(draw: st.DrawFn, count: int) -> events.Effect:
    """An effect in some frames of a clip of ``count``."""
    kind = draw(st.sampled_from(sorted(READABLE)))
    chosen = {
        name: draw(st.integers(0, 100)) / 100 * (high - low) + low for name, (low, high) in READABLE[kind].items()
    }
    whole = {name: round(value) if name == "size" else round(value, 3) for name, value in chosen.items()}
    area = MIDDLE if kind in ("region_blur", "pixelate") else {}
    params = msgspec.msgpack.decode(rust_core.normalise_params(kind, msgspec.json.encode(whole | area)))
    first = draw(st.integers(0, count - 1))
    lasts = draw(st.none() | st.integers(1, count - first))
    window = events.Window(frames(first, RATE), None if lasts is None else frames(lasts, RATE))
    return events.Effect("effect", kind, params, window)


RATE = Timeline(()).rate


@st.composite
def timelines(draw: st.DrawFn, studio: Studio) -> Timeline:
    """Two clips one after the other, up to three effects on each."""
    laid: list[Lay] = []
    for name in draw(st.lists(st.sampled_from(MOVING), min_size=2, max_size=2)):
        count, first = draw(st.integers(4, 10)), draw(st.integers(0, 10))
        begin, at = frames(first, RATE), laid[-1].end if laid else 0
        stack = tuple(draw(st.lists(effects(count), max_size=3)))
        laid.append(Lay(studio[name], begin, begin + frames(count, RATE), at, "stretch", effects=stack))
    return Timeline((Row(tuple(laid), muted=True),), RATE)


@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(drawn=st.data())
def test_behind_any_stack_of_effects_every_frame_is_the_one_due(
    studio: Studio, darkroom: Darkroom, drawn: st.DataObject
) -> None:
    timeline = drawn.draw(timelines(studio))
    film = darkroom.film(timeline)
    assert len(film.luma) == expect.length(timeline)
    for number, seen in enumerate(lanes.read(film.luma, lanes.FULL)):
        (due,) = expect.pictures(timeline, number)
        assert [(one.source, one.frame) for one in seen.values()] == [(due.source, due.frame)], number
