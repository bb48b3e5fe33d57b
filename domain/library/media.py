"""What the library knows of a media file's content: the shapes that the planner reads (``rust_core/src/media.rs``).

Times and lengths are flicks (1/705,600,000 s) unless a name says ticks. A source's own time starts at ``origin``:
source time 0 is the earliest moment at which any of its used streams shows or sounds.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Literal

import msgspec

FLICKS_PER_SECOND = 705_600_000

MediaKind = Literal["video", "audio", "image"]
Rotation = Literal[0, 90, 180, 270]


class Ratio(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A positive fraction."""

    num: int
    den: int


class FrameTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The exact presentation time of every frame, in ticks of the stream's time base, strictly ascending.

    The first frame is shown at ``first``; each run ``(ticks, count)`` adds ``count`` frames, ``ticks`` apart. A
    constant frame rate is one run, a single frame is none. The last frame is shown for ``last_duration`` ticks.
    """

    first: int
    runs: list[tuple[int, int]]
    last_duration: int

    @classmethod
    def of(cls, times: Iterable[int], last_duration: int) -> "FrameTable":
        """The table of these presentation times, in any order; a time that comes twice is one frame.

        ValueError where there is no time at all, or ``last_duration`` is not positive.
        """
        ascending = sorted(times)
        if not ascending or last_duration <= 0:
            raise ValueError("a frame table needs a frame, and frames last")
        runs: list[tuple[int, int]] = []
        for earlier, later in pairwise(ascending):
            if earlier == later:
                continue
            ticks, count = runs.pop() if runs and runs[-1][0] == later - earlier else (later - earlier, 0)
            runs.append((ticks, count + 1))
        return cls(ascending[0], runs, last_duration)

    def __len__(self) -> int:
        """How many frames there are."""
        return 1 + sum(count for _, count in self.runs)

    def times(self) -> Iterator[int]:
        """Every presentation time, in ticks."""
        now = self.first
        yield now
        for ticks, count in self.runs:
            for _ in range(count):
                now += ticks
                yield now

    @property
    def end(self) -> int:
        """The first tick at which the last frame is not shown any more."""
        return self.first + sum(ticks * count for ticks, count in self.runs) + self.last_duration


class VideoStream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The moving picture, or the still, that is used.

    ``width`` and ``height`` are as stored: before ``rotation`` (clockwise, what a player does to show it upright) and
    before ``sar`` (a pixel's own shape). The four colour fields are FFmpeg's names, None where the file does not say.
    """

    index: int
    codec: str
    width: int
    height: int
    sar: Ratio
    rotation: Rotation
    time_base: Ratio
    frames: FrameTable
    pix_fmt: str
    color_range: str | None
    color_space: str | None
    color_primaries: str | None
    color_transfer: str | None


class AudioStream(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sound that is used: heard from source time ``start`` for ``duration``."""

    index: int
    codec: str
    sample_rate: int
    channels: int
    start: int
    duration: int


class MediaFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source, as a plan needs it.

    ``sha256`` is the content's, in hex. ``demuxer`` is the value for FFmpeg's ``-f``, chosen by us and never guessed by
    FFmpeg. ``exact_seek`` says whether ``-ss`` before ``-i`` reaches the very frame in this container. ``origin`` is
    where the container's clock stands at source time 0, rounded up: a first frame is then never late by a rounding.
    A still has no ``duration``; any other source lasts to the end of its last frame or sample.
    """

    id: str
    kind: MediaKind
    sha256: str
    demuxer: str
    exact_seek: bool
    origin: int
    duration: int | None
    video: VideoStream | None
    audio: AudioStream | None


def frame_rate(video: VideoStream) -> Fraction | None:
    """Frames a second on average, exactly as the table has them; None for a single frame."""
    frames = video.frames
    if len(frames) < 2:
        return None
    seconds = Fraction((frames.end - frames.last_duration - frames.first) * video.time_base.num, video.time_base.den)
    return (len(frames) - 1) / seconds
