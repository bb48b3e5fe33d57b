"""The oracle is right about films known to be right, and finds every kind of damage where it was done."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.oracle.check import faults
from tests.oracle.film import Film, open_film
from tests.oracle.programs import Build, builds, run
from tests.oracle.sources import Studio
from tests.oracle.timeline import Lay, Row, Timeline, seconds

pytestmark = pytest.mark.ffmpeg

WHOLE = 120  # frames of the film
SHIFT = 240  # samples: 5 ms
H264 = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]
Order = Callable[[int], list[int]]


@pytest.fixture(scope="module")
def build() -> Build:
    return builds()[0]


@pytest.fixture(scope="module")
def timeline(studio: Studio) -> Timeline:
    return Timeline((Row((Lay(studio["web"], 0, seconds(4), 0),)),))


@pytest.fixture(scope="module")
def film(studio: Studio, build: Build, tmp_path_factory: pytest.TempPathFactory) -> Film:
    """A plain transcode of a source: what that timeline must look like."""
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    run(build.ffmpeg, ["-i", str(studio["web"].path), *H264, "-crf", "23", "-c:a", "aac", "-b:a", "160k", str(path)])
    return open_film(path, build)


def printed(film: Film, path: Path, build: Build) -> Film:
    """The film encoded once more and read back."""
    count, height, width = film.luma.shape
    chroma = np.full((count, height // 2, width), 128, np.uint8)
    path.with_suffix(".f32").write_bytes(film.samples.astype(np.float32).tobytes())
    picture = ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{width}x{height}", "-r", "30", "-i", "-"]
    heard = ["-f", "f32le", "-ar", str(film.sample_rate), "-ac", "2", "-i", str(path.with_suffix(".f32"))]
    encoder = [*H264, "-crf", "23", "-c:a", "aac", "-b:a", "160k"]
    frames = np.concatenate([film.luma, chroma], axis=1).tobytes()
    run(build.ffmpeg, [*picture, *heard, *encoder, str(path)], frames)
    return open_film(path, build)


def test_a_plain_transcode_has_no_fault(film: Film, timeline: Timeline) -> None:
    assert faults(film, timeline) == []


@pytest.mark.parametrize("crf", ["18", "30"])
@pytest.mark.parametrize("size", ["640x360", "240x136"])
def test_a_scaled_transcode_has_no_fault(
    studio: Studio, build: Build, timeline: Timeline, tmp_path: Path, crf: str, size: str
) -> None:
    path = tmp_path / "scaled.mp4"
    scale = ["-vf", f"scale={size.replace('x', ':')}:flags=bicubic"]
    run(build.ffmpeg, ["-i", str(studio["web"].path), *scale, *H264, "-crf", crf, "-c:a", "aac", str(path)])
    assert faults(open_film(path, build), timeline) == []


def dropped(place: int) -> list[int]:
    """One frame is missing and the last is held, so that the count is right."""
    return [*range(place), *range(place + 1, WHOLE), WHOLE - 1]


def doubled(place: int) -> list[int]:
    """One frame shows twice and the last does not show."""
    return [*range(place + 1), *range(place, WHOLE - 1)]


def early(place: int) -> list[int]:
    """Ten frames show one frame too early."""
    return [n + 1 if place <= n < place + 10 else n for n in range(WHOLE)]


def swapped(place: int) -> list[int]:
    """Two neighbours change places."""
    return [*range(place), place + 1, place, *range(place + 2, WHOLE)]


@pytest.mark.parametrize("damage", [dropped, doubled, early, swapped])
@pytest.mark.parametrize("place", [0, 59, 108], ids=["beginning", "middle", "end"])
def test_damaged_frames_are_named(
    film: Film, timeline: Timeline, build: Build, tmp_path: Path, damage: Order, place: int
) -> None:
    order = damage(place)
    spoilt = Film(film.luma[order], film.times, film.samples, film.sample_rate)
    found = faults(printed(spoilt, tmp_path / "spoilt.mp4", build), timeline)
    wrong = [n for n, shown in enumerate(order) if shown != n]
    assert wrong
    assert [(fault.kind, fault.at) for fault in found] == [("picture", n) for n in wrong]


@pytest.mark.parametrize("order", [[*range(1, WHOLE)], [*range(WHOLE - 1)], [*range(WHOLE), WHOLE - 1]])
def test_a_frame_too_few_or_too_many_is_counted(film: Film, timeline: Timeline, order: list[int]) -> None:
    spoilt = Film(film.luma[order], film.times[:1] * len(order), film.samples, film.sample_rate)
    assert ("count", len(order)) in {(fault.kind, fault.at) for fault in faults(spoilt, timeline)}


def test_a_frame_at_the_wrong_time_is_named(film: Film, timeline: Timeline) -> None:
    times = list(film.times)
    times[60] += film.times[1] / 2
    found = faults(Film(film.luma, tuple(times), film.samples, film.sample_rate), timeline)
    assert [(fault.kind, fault.at) for fault in found] == [("time", 60)]


@pytest.mark.parametrize("by", [SHIFT, -SHIFT])
@pytest.mark.parametrize("first", [0, 84_000, 182_000], ids=["beginning", "middle", "end"])
def test_five_milliseconds_of_sound_are_named(
    film: Film, timeline: Timeline, build: Build, tmp_path: Path, first: int, by: int
) -> None:
    """A fifth of a second of sound plays 5 ms early or late."""
    samples = film.samples.copy()
    part = slice(first, first + 10_000)
    samples[part] = np.roll(film.samples, by, axis=0)[part]
    spoilt = Film(film.luma, film.times, samples, film.sample_rate)
    found = faults(printed(spoilt, tmp_path / "spoilt.mp4", build), timeline)
    assert {fault.kind for fault in found} <= {"sound", "cut", "gain"}
    assert any(fault.kind == "sound" and first - 2_048 <= fault.at < first + 10_000 for fault in found)


def test_sound_that_ends_too_late_is_named(film: Film, studio: Studio) -> None:
    """The timeline is silent in its last second, the film is not; its first frames are right."""
    clip = Lay(studio["web"], 0, seconds(3), 0)
    still = Lay(studio["photo"], 0, seconds(1), seconds(3))
    found = faults(film, Timeline((Row((clip, still)),)))
    assert {fault.kind for fault in found} == {"picture", "noise", "cut"}
    assert min(fault.at for fault in found if fault.kind == "picture") == 90
    assert [fault.at for fault in found if fault.kind == "cut"] == [144_000]


def test_a_picture_of_the_wrong_weight_is_named(film: Film, timeline: Timeline) -> None:
    """The film shows at full strength what should fade in over ten frames: frame k is due at k/10."""
    fading = Timeline((Row((replace(timeline.lays[0], fade_in=seconds("1/3")),)),))
    found = [fault for fault in faults(film, fading) if fault.kind == "picture"]
    assert [fault.at for fault in found] == list(range(10))


def test_a_gain_that_is_wrong_is_named(film: Film, timeline: Timeline) -> None:
    soft = Film(film.luma, film.times, film.samples * 0.75, film.sample_rate)
    assert {fault.kind for fault in faults(soft, timeline)} == {"gain"}


def test_another_sources_sound_is_named(film: Film, timeline: Timeline, studio: Studio) -> None:
    other = Timeline((Row((replace(timeline.lays[0], source=studio["film"]),)),))
    assert "but source 4" in next(fault.detail for fault in faults(film, other) if fault.kind == "sound")
