"""Small real media files, made by FFmpeg itself, and probing them with every build of this machine."""

import subprocess
from pathlib import Path

import pytest

from adapters.ffmpeg.locate import Tools, locate
from adapters.media.paths import MediaRoots
from adapters.media.probe import probe
from domain.library.events import Description
from domain.library.media import VideoStream
from tests.oracle.programs import Build, builds, run

SHIPPED = Path(__file__).resolve().parents[2] / "ops" / "media"
BUILDS = [pytest.param(build, id=build.name) for build in builds()]


def tools_of(build: Build) -> Tools:
    """The programs of a build, as the product finds them."""
    return locate(build.ffmpeg) if build.ffmpeg.with_name("ffprobe").exists() else locate()


def make(path: Path, *arguments: str) -> Path:
    """A file made by the first build; ``arguments`` are FFmpeg's, without the output's name."""
    run(builds()[0].ffmpeg, ["-y", *arguments, f"file:{path}"])
    return path


def picture(rate: str = "30", seconds: str = "2", size: str = "64x48") -> list[str]:
    """Moving pictures to encode."""
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def tone(seconds: str = "2", rate: int = 48_000) -> list[str]:
    """Sound to encode."""
    return ["-f", "lavfi", "-i", f"sine=duration={seconds}:sample_rate={rate}"]


async def describe(path: Path, tools: Tools) -> Description:
    """What the library would keep of a file."""
    with MediaRoots([path.parent]).open(str(path)) as file:
        return await probe(file, tools)


def shown_by(build: Build, path: Path, video: VideoStream) -> list[int]:
    """The times, in ticks, of the frames that FFmpeg really decodes from a file.

    A last frame without a time of its own comes one tick after the one before: so it is with AVI's clock.
    """
    entries = ["-show_entries", "frame=best_effort_timestamp", "-of", "default=nk=1:nw=1"]
    listing = run(build.ffprobe, ["-select_streams", str(video.index), *entries, f"file:{path}"])
    times: list[int] = []
    for line in listing.split():
        times.append(times[-1] + 1 if line == b"N/A" else int(line))
    return times


def samples_of(build: Build, path: Path) -> int:
    """How many samples (per channel) FFmpeg really decodes from a file's sound."""
    argv = [str(build.ffmpeg), "-v", "error", "-nostdin", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1"]
    decoded = subprocess.run([*argv, "-f", "s16le", "-"], capture_output=True, check=True, timeout=60)
    return len(decoded.stdout) // 2
