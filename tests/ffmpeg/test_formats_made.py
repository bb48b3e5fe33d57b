"""Every preset, and settings over them, rendered: each frame is the right one, and the sound is in its place."""

from fractions import Fraction
from pathlib import Path

import msgspec
import numpy as np
import pytest

from adapters.ffmpeg.encoders import Encoders
from domain.errors import Refused
from domain.render.formats.format import Format, Settings
from domain.render.formats.presets import PRESETS, chosen
from domain.render.plan import Range
from tests.oracle import listen
from tests.oracle.check import picture_faults
from tests.oracle.film import Film, open_film
from tests.oracle.programs import Build, builds, run
from tests.oracle.recipes import FILM
from tests.oracle.render import Darkroom, tools_of
from tests.oracle.sources import Studio, decoded_sound
from tests.oracle.timeline import Lay, Row, Timeline, frames, seconds

pytestmark = pytest.mark.ffmpeg

LENGTH = 41  # frames
CODED = {"h264": "h264", "jpeg": "mjpeg", "pcm_s16": "pcm_s16le", "pcm_s24": "pcm_s24le"}  # as ffprobe has them
ROUGH = {"mkv": 1, "webm": 1, "gif": 10}  # milliseconds that a container's clock counts
UNTIMED = {"png_sequence", "jpg_sequence", "png", "jpg"}
SETTINGS = [
    ("standard", Settings(container="mov")),
    ("standard", Settings(container="mkv", audio_codec="pcm_s16")),
    ("standard", Settings(audio_codec="none")),
    ("standard", Settings(audio_bitrate_kbps=160)),
    ("standard", Settings(pixel_format="yuv444p", quality=12)),
    ("standard", Settings(bitrate_kbps=900, two_pass=True)),
    ("standard", Settings(target_size=60_000)),
    ("web", Settings(target_size=40_000)),
    ("hevc", Settings(pixel_format="yuv420p10le", speed="ultrafast", quality=20)),
    ("audio_aac", Settings(audio_codec="alac")),
    ("poster", Settings(container="png", video_codec="png")),
]


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def build(request: pytest.FixtureRequest) -> Build:
    chosen: Build = request.param
    return chosen


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Studio:
    return Studio(tmp_path_factory.mktemp("sources"), build)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    return tmp_path_factory.mktemp("formats")


@pytest.fixture(scope="module")
def timeline(studio: Studio) -> Timeline:
    """Two clips at 24000/1001, both with sound."""
    cut = 23
    first = Lay(studio["web"], seconds("0.4"), seconds("0.4") + frames(cut, FILM), 0)
    rest = Lay(studio["ntsc"], seconds(1), seconds(1) + frames(LENGTH - cut, FILM), frames(cut, FILM))
    return Timeline((Row((first, rest)),), FILM)


def working(made: Format, build: Build) -> None:
    """Skips where this FFmpeg lacks the encoder."""
    try:
        encoder, tried = Encoders(tools_of(build)).choose(made)
    except Refused as refusal:
        if refusal.code != "encoder_unavailable":
            raise
        pytest.skip(str(refusal))
    if encoder and encoder != made.candidates[0]:
        pytest.skip(f"{tried[0].encoder}: {tried[0].fault}")


def read(path: Path, made: Format, build: Build) -> Film:
    """A delivered film as the oracle reads it; one that is only heard has no frames."""
    if made.file.main:
        path /= made.file.main
    if made.video_codec:
        full = ["-vf", "scale=in_range=pc:out_range=tv"] if made.video_codec == "jpeg" else []
        return open_film(path, build, *full)
    rate = 48_000
    return Film(np.zeros((0, 2, 2), np.uint8), (), decoded_sound(path, build, rate).astype(np.float64), rate)


@pytest.mark.parametrize(
    ("preset", "settings"),
    [(name, None) for name in PRESETS] + SETTINGS,
    ids=lambda value: value if isinstance(value, str) else msgspec.json.encode(value).decode(),
)
def test_a_format_is_what_the_timeline_says(
    preset: str, settings: Settings | None, folder: Path, build: Build, timeline: Timeline
) -> None:
    made = chosen(preset, settings)
    working(made, build)
    part = Range(frames(30, FILM), still=True) if made.file.still else None
    path, finished = Darkroom(folder, build, preset, settings).delivered(timeline, part)
    assert made.file.main or path.suffix == made.file.suffix
    if made.target_size:
        assert made.target_size / 2 < path.stat().st_size <= made.target_size
    codecs = {stream["kind"]: stream["codec"] for stream in finished.streams}
    assert codecs.get("video") == CODED.get(made.video_codec or "", made.video_codec)
    assert codecs.get("audio") == CODED.get(made.audio_codec or "", made.audio_codec)
    film = read(path, made, build)
    if made.file.still:
        assert len(film.luma) == 1
        return
    faults = picture_faults(film, timeline) if made.video_codec else []
    clock = Fraction(ROUGH.get(made.container, 0), 1000)
    if clock or made.container in UNTIMED:
        faults = [fault for fault in faults if fault.kind != "time"]
    if clock:
        assert all(abs(time - number / timeline.rate) <= clock for number, time in enumerate(film.times))
    assert faults == []
    if made.audio_codec:
        assert listen.faults(film, timeline) == []


def unpacked(package: Path, build: Build, folder: Path) -> Path:
    """A DASH package as a player takes it: each track is its header and its parts, one after the other. FFmpeg's own
    reader of packages leaves out the first 1,024 samples of every part of AAC again."""
    tracks = []
    for number in (0, 1):
        tracks.append(folder / f"track{number}.mp4")
        parts = [package / f"init_{number}.m4s", *sorted(package.glob(f"part_{number}_*"))]
        tracks[-1].write_bytes(b"".join(part.read_bytes() for part in parts))
    film = folder / "unpacked.mp4"
    run(build.ffmpeg, ["-i", str(tracks[0]), "-i", str(tracks[1]), "-c", "copy", str(film)])
    return film


@pytest.mark.parametrize("preset", ["hls", "dash"])
def test_a_package_of_several_parts_is_one_film(preset: str, tmp_path: Path, studio: Studio, build: Build) -> None:
    shots = [
        Lay(studio[name], seconds("0.4"), seconds("0.4") + frames(62, FILM), frames(62 * at, FILM))
        for at, name in enumerate(("web", "film", "web", "film"))
    ]
    timeline = Timeline((Row(tuple(shots)),), FILM)
    working(chosen(preset, None), build)
    path, _ = Darkroom(tmp_path, build, preset).delivered(timeline)
    assert len(list(path.glob("part_*"))) >= 2
    main = path / "index.m3u8" if preset == "hls" else unpacked(path, build, tmp_path)
    film = open_film(main, build)
    assert picture_faults(film, timeline) == []
    assert listen.faults(film, timeline) == []
