"""A clip that is cut in two anywhere shows what it showed, pixel by pixel, its effects and their fades as well."""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from domain.errors import Refused
from domain.ids import EditId, derived
from domain.time import Moment
from domain.timeline import events
from domain.timeline.commands import SplitClip
from domain.timeline.decide import decide
from domain.timeline.state import State
from rust_core import Project
from tests.domain.scenario import Shelf
from tests.ffmpeg.films import Laid, Workshop, effect, flicks, title
from tests.oracle.programs import builds

pytestmark = pytest.mark.ffmpeg

TIME = st.integers(0, 1_000).map(lambda ms: f"{ms / 1000:.3f}")
TEXTS = [name for n in range(2) for name in (f"c0e{n}", derived("effect", EditId("edit_1/0"), n))]
LENGTH = st.integers(40, 500).map(lambda ms: flicks(f"{ms / 1000:.3f}"))


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    workshop = Workshop(tmp_path_factory.mktemp("split"), builds()[0])
    workshop.source("moving.mp4", "testsrc2=s=320x180:r=24:d=2,format=yuv420p", "-c:v", "libx264", "-qp", "10")
    return workshop


@st.composite
def effects(draw: st.DrawFn) -> events.Effect:
    """One that works on a part of the clip, begun anywhere."""
    kind = draw(st.sampled_from(["fade_in", "fade_out", "text", "film_grain", "invert"]))
    start, length = draw(TIME), draw(LENGTH)
    if kind.startswith("fade"):
        return effect(kind, start, duration=length)
    if kind == "text":
        return title("T", start, Fraction(9, 10), fade_in=length // 3, fade_out=length // 3)
    params = {"strength": 100_000} if kind == "film_grain" else {}
    return effect(kind, start, **params)


def drawn(workshop: Workshop, project: Project) -> list[Sequence[np.ndarray]]:
    """Every frame of a film before it is encoded."""
    plan = workshop.planned(project, TEXTS)
    units = {unit.key: unit for unit in plan.units}
    pieces = [workshop.drawn(units[segment.key]) for segment in plan.segments]
    return [plane for piece in pieces for plane in zip(*piece, strict=True)]


@settings(
    max_examples=14,
    derandomize=True,
    deadline=None,
    phases=[Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(at=TIME, begin=TIME, cut=TIME, on_it=st.lists(effects(), max_size=2))
def test_a_split_anywhere_shows_the_same_film(
    workshop: Workshop, at: str, begin: str, cut: str, on_it: list[events.Effect]
) -> None:
    whole = workshop.project([Laid("moving", begin, "0.9", at, effects=tuple(on_it))])
    state = State(whole, Shelf(), EditId("edit_1"), 0)
    try:
        parts = state.after(decide(SplitClip("c0", Moment(flicks=flicks(at) + flicks(cut))), state)).project
    except Refused as refused:
        assert refused.code in ("out_of_range", "empty_range")
        assume(False)
    one, other = drawn(workshop, whole), drawn(workshop, parts)
    assert len(one) == len(other)
    same = [all(np.array_equal(a, b) for a, b in zip(*frames, strict=True)) for frames in zip(one, other, strict=True)]
    assert all(same), [n for n, is_same in enumerate(same) if not is_same]
