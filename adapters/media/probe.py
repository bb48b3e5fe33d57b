"""From an open file to its description: what it is, exactly when each frame shows, and its content's hash."""

import asyncio
import os
import threading
from dataclasses import dataclass
from fractions import Fraction

from adapters.ffmpeg.locate import Tools
from adapters.media import content, exif, streams
from adapters.media.ffprobe import Prober
from adapters.media.packets import AudioTimes
from adapters.media.paths import Opened
from adapters.media.sniff import HEAD_BYTES, Format, sniff
from adapters.media.streams import Found
from adapters.media.timing import read_times
from adapters.media.whole import check_whole
from domain.errors import Refused
from domain.library.events import Description
from domain.library.media import (
    FLICKS_PER_SECOND,
    AudioStream,
    FrameTable,
    MediaFile,
    Ratio,
    Rotation,
    VideoStream,
)

MAX_FLICKS = 10 * 24 * 3600 * FLICKS_PER_SECOND
_UNNAMED = "unnamed"
_ONE_FRAME = FrameTable(0, [], 1)


async def probe(file: Opened, tools: Tools) -> Description:
    """Everything that the library keeps of a file; the id inside is a placeholder that ``decide.read`` replaces.

    Raises NotMediaError where the bytes are no format that is read, ``media_unreadable`` with the reason where they
    are and can't be used.
    """
    content.check_substance(file)
    head = os.pread(file.descriptor, HEAD_BYTES, 0)
    form = sniff(head)
    check_whole(file, head, form)
    stop = threading.Event()
    hashing = asyncio.create_task(asyncio.to_thread(content.sha256, file, stop))
    try:
        read = await _read(Prober(tools, file, form.demuxer), form, exif.rotation(head))
        sha256 = await hashing
    finally:
        stop.set()
        await asyncio.wait([hashing])
    content.check_unchanged(file)
    return Description(
        path=file.path,
        file_size=file.file_size,
        mtime_ns=file.mtime_ns,
        bitrate=file.file_size * 8 * FLICKS_PER_SECOND // read.length if read.length else None,
        metadata=read.metadata,
        content=MediaFile(
            id=_UNNAMED,
            kind="audio" if read.video is None else "video" if read.length else "image",
            sha256=sha256,
            demuxer=form.demuxer,
            exact_seek=form.exact_seek,
            origin=read.origin,
            duration=read.length,
            video=read.video,
            audio=read.audio,
        ),
    )


@dataclass(frozen=True)
class _Read:
    """A file's streams. A still has no ``length``."""

    origin: int
    length: int | None
    video: VideoStream | None
    audio: AudioStream | None
    metadata: dict[str, str]


async def _read(prober: Prober, form: Format, turned: Rotation) -> _Read:
    listing = await prober.listing()
    picture = streams.picture_of(listing)
    sound = None if form.still else streams.sound_of(listing)
    if picture is None and sound is None:
        raise Refused("media_unreadable", "There is neither picture nor sound in it", path="path")
    if picture:
        streams.check_picture(picture)
    table, times = (_ONE_FRAME, None) if form.still else await read_times(prober, form, picture, sound)
    video = _video(picture, table, turned) if picture and table else None
    used = [found.index for found in (picture if video else None, sound if times else None) if found]
    if not used or not await prober.decodes(used):
        raise Refused("media_unreadable", "Nothing comes out of its decoder: it is damaged", path="path")
    heard = _heard(sound.base, times) if sound and times else None
    origin, end = _span(video, heard)
    return _Read(
        origin=origin,
        length=None if _is_still(form, video, heard) else _checked(end - origin),
        video=video,
        audio=_audio(sound, heard, origin) if sound and heard else None,
        metadata=streams.metadata_of(listing),
    )


def _is_still(form: Format, video: VideoStream | None, heard: tuple[Fraction, Fraction] | None) -> bool:
    one_frame = video is not None and len(video.frames) == 1 and heard is None
    return form.still or (one_frame and form.demuxer in ("gif", "apng"))


def _span(video: VideoStream | None, heard: tuple[Fraction, Fraction] | None) -> tuple[int, int]:
    """First and last moment of a file on its own clock: rounded so that neither takes more than there is."""
    spans = [heard] if heard else []
    if video:
        frames, base = video.frames, video.time_base
        spans.append((_flicks(frames.first, base), _flicks(frames.end, base)))
    start, end = min(start for start, _ in spans), max(end for _, end in spans)
    origin = -(-start // 1)
    if not -MAX_FLICKS * 1000 < origin < MAX_FLICKS * 1000:
        raise Refused("media_unreadable", "Its clock starts thousands of days from zero", path="path")
    return origin, int(end // 1)


def _checked(length: int) -> int:
    if length <= 0:
        raise Refused("media_unreadable", "It lasts no time at all", path="path")
    if length > MAX_FLICKS:
        raise Refused("media_unreadable", "It lasts longer than ten days", path="path")
    return length


def _heard(base: Ratio, times: AudioTimes) -> tuple[Fraction, Fraction]:
    return _flicks(times.start or 0, base), _flicks(times.end or 0, base)


def _video(found: Found, frames: FrameTable, turned: Rotation) -> VideoStream:
    return VideoStream(
        index=found.index,
        codec=found.codec_name,
        width=found.width,
        height=found.height,
        sar=streams.pixel_shape(found),
        rotation=turned or streams.rotation_of(found),
        time_base=found.base,
        frames=frames,
        pix_fmt=found.pix_fmt or "",
        color_range=streams.known(found.color_range),
        color_space=streams.known(found.color_space),
        color_primaries=streams.known(found.color_primaries),
        color_transfer=streams.known(found.color_transfer),
    )


def _audio(found: Found, heard: tuple[Fraction, Fraction], origin: int) -> AudioStream:
    start, end = heard
    return AudioStream(
        index=found.index,
        codec=found.codec_name,
        sample_rate=int(found.sample_rate),
        channels=found.channels,
        start=max(round(start - origin), 0),
        duration=int(end - start),
    )


def _flicks(ticks: int, base: Ratio) -> Fraction:
    return Fraction(ticks * base.num * FLICKS_PER_SECOND, base.den)
