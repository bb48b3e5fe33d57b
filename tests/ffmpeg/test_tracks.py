"""A hidden track is not seen and goes on being heard, a muted one the other way round; volumes multiply."""

from typing import Any

import msgspec
import numpy as np
import pytest

from domain.timeline.events import TrackChanged
from tests.ffmpeg.films import Laid, Planes, Workshop, colour, frames, near
from tests.ffmpeg.test_plan_sound import Sound, mixed
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

LOW, HIGH = (60, 90, 160), (180, 160, 90)
BLACK = (16, 128, 128)


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Two pictures, each of one colour, with a tone of its own."""
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("tracks"), build)
    for name, (y, u, v), tone in (("low", LOW, 300), ("high", HIGH, 2000)):
        picture = f"color=s=64x36:r=30:d=1,format=yuv420p,lutyuv={y}:{u}:{v},setparams=range=tv:colorspace=bt709[out0]"
        sound = f"sine=f={tone}:r=48000:d=1,aformat=sample_fmts=flt:channel_layouts=stereo[out1]"
        lossless = ("-c:v", "libx264", "-qp", "0", "-colorspace", "bt709", "-color_range", "tv", "-c:a", "pcm_f32le")
        made.source(f"{name}.mkv", f"{picture};{sound}", *lossless)
    return made


def film(workshop: Workshop, **changes: dict[str, Any]) -> tuple[Planes, Sound]:
    """Two frames of both, one over the other, after these changes of the tracks."""
    project = workshop.project([Laid(name, 0, frames(2), track=n) for n, name in enumerate(("low", "high"))])
    facts = [TrackChanged(track, **fields) for track, fields in changes.items()]
    plan = workshop.planned(project.apply([msgspec.msgpack.encode(fact) for fact in facts]))
    (segment,) = {segment.key for segment in plan.segments}
    sound = mixed(workshop, plan) if plan.sound else np.zeros((plan.samples, 2), np.float32)
    return workshop.drawn(next(unit for unit in plan.units if unit.key == segment)), sound


def test_a_hidden_track_is_heard_and_a_muted_one_is_seen(workshop: Workshop) -> None:
    (shown, both) = film(workshop)
    assert near(colour(shown, 0, 160, 90), HIGH)
    shown, heard = film(workshop, t1={"hidden": True})
    assert near(colour(shown, 0, 160, 90), LOW) and near(colour(shown, 1, 0, 0), LOW)
    assert np.array_equal(heard, both)
    shown, heard = film(workshop, t0={"hidden": True}, t1={"hidden": True})
    assert near(colour(shown, 1, 160, 90), BLACK)
    assert np.array_equal(heard, both)

    shown, low = film(workshop, t1={"muted": True})
    assert near(colour(shown, 0, 160, 90), HIGH)
    _, high = film(workshop, t0={"muted": True})
    assert np.abs(low).max() > 0.05 and np.abs(high).max() > 0.05
    assert np.allclose(low + high, both, atol=1e-6) and not np.allclose(low, both, atol=1e-2)
    _, nothing = film(workshop, t0={"muted": True}, t1={"muted": True})
    assert not nothing.any()


def test_a_tracks_volume_is_on_all_of_it(workshop: Workshop) -> None:
    _, low = film(workshop, t1={"muted": True})
    _, quiet = film(workshop, t0={"volume": 250_000}, t1={"muted": True})
    assert np.allclose(quiet, low / 4, atol=1e-6)
