"""Planning: a hundred clips into units with their FFmpeg arguments."""

import msgspec

from adapters.cli.bench.figures import Figure, best_of
from adapters.cli.bench.timelines import SECOND, encoded, row
from domain.library.media import AudioStream, FrameTable, MediaFile, Ratio, VideoStream
from domain.timeline.events import Source
from rust_core import Project, plan

CLIPS = 100
BUDGET_MS = 5


def measure() -> list[Figure]:
    """Time to plan 100 clips of three seconds, all graphs included; and per unit."""
    source = Source("med_bench", "video", 60 * SECOND, sound=True)
    project = Project.empty().apply(encoded(row(CLIPS, source, 3 * SECOND)))
    media = msgspec.msgpack.encode({source.media: _file(source)})
    ffmpeg = {"build": "bench", "script_option": "-filter_complex_script"}
    request = msgspec.msgpack.encode({"preset": "standard", "ffmpeg": ffmpeg, "fonts": {}})
    units = len(msgspec.msgpack.decode(plan(project, media, request))["units"])
    seconds = best_of(20, lambda: plan(project, media, request))
    return [
        Figure(f"plan of {CLIPS} clips", 1000 * seconds / BUDGET_MS, "of its budget", f"{BUDGET_MS} ms; {units} units"),
        Figure("a unit's graph, mean", 1000 * seconds / units, "of its budget", "1 ms"),
    ]


def _file(source: Source) -> MediaFile:
    """A minute of 720p30 with sound."""
    frames = FrameTable(0, [(512, 1799)], 512)
    picture = VideoStream(
        index=0,
        codec="h264",
        width=1280,
        height=720,
        sar=Ratio(1, 1),
        rotation=0,
        time_base=Ratio(1, 15_360),
        frames=frames,
        pix_fmt="yuv420p",
        color_range="tv",
        color_space="bt709",
        color_primaries="bt709",
        color_transfer="bt709",
    )
    sound = AudioStream(index=1, codec="aac", sample_rate=48_000, channels=2, start=0, duration=60 * SECOND)
    return MediaFile(
        id=source.media,
        kind="video",
        sha256="0" * 64,
        demuxer="mov",
        exact_seek=True,
        origin=0,
        duration=source.duration,
        video=picture,
        audio=sound,
    )
