"""From an open file to its description: what it is, exactly when each frame shows, and its content's hash."""

import asyncio
import os
import threading
from dataclasses import dataclass
from fractions import Fraction

from adapters.ffmpeg.locate import Tools
from adapters.media import content, streams
from adapters.media.ffprobe import Prober
from adapters.media.packets import AudioTimes, PacketReader, VideoTimes
from adapters.media.paths import Opened
from adapters.media.sniff import HEAD_BYTES, Format, sniff
from adapters.media.streams import Found, Listing
from domain.errors import Refused
from domain.library.events import Description
from domain.library.media import (
    FLICKS_PER_SECOND,
    AudioStream,
    FrameTable,
    MediaFile,
    Ratio,
    VideoStream,
)

MAX_SECONDS = 10 * 24 * 3600
_UNNAMED = "unnamed"
_ONE_FRAME = FrameTable(0, [], 1)


async def probe(file: Opened, tools: Tools) -> Description:
    """Everything that the library keeps of a file; the id inside is a placeholder that ``decide.read`` replaces.

    Raises NotMediaError where the bytes are no format that is read, ``media_unreadable`` with the reason where they
    are and can't be used.
    """
    content.check_substance(file)
    form = sniff(os.pread(file.descriptor, HEAD_BYTES, 0))
    stop = threading.Event()
    hashing = asyncio.create_task(asyncio.to_thread(content.sha256, file, stop))
    try:
        read = await _read(Prober(tools, file, form.demuxer), form)
        sha256 = await hashing
    finally:
        stop.set()
        await asyncio.wait([hashing])
    content.check_unchanged(file)
    length = read.length
    return Description(
        path=file.path,
        file_size=file.file_size,
        mtime_ns=file.mtime_ns,
        bitrate=int(Fraction(8 * file.file_size * FLICKS_PER_SECOND, length)) if length else None,
        metadata=read.metadata,
        content=MediaFile(
            id=_UNNAMED,
            kind="image" if read.still else "video" if read.video else "audio",
            sha256=sha256,
            demuxer=form.demuxer,
            exact_seek=form.exact_seek,
            origin=read.origin,
            duration=None if read.still else length,
            video=read.video,
            audio=read.audio,
        ),
    )


@dataclass
class _Read:
    still: bool
    origin: int
    length: int
    video: VideoStream | None
    audio: AudioStream | None
    metadata: dict[str, str]


async def _read(prober: Prober, form: Format) -> _Read:
    listing = await prober.listing()
    picture = streams.picture_of(listing)
    sound = None if form.still else streams.sound_of(listing)
    if picture is None and sound is None:
        raise Refused("media_unreadable", "There is neither picture nor sound in it", path="path")
    if picture:
        streams.check_picture(picture)
    table, times = (_ONE_FRAME, None) if form.still else await _times(prober, picture, sound)
    used = [found.index for found in (picture if table else None, sound if times else None) if found]
    if not used or not await prober.decodes(used):
        raise Refused("media_unreadable", "Nothing comes out of its decoder: it is damaged", path="path")
    return _assemble(form, listing, picture, table, sound, times)


async def _times(
    prober: Prober, picture: Found | None, sound: Found | None
) -> tuple[FrameTable | None, AudioTimes | None]:
    video = VideoTimes()
    audio = AudioTimes(sound.base.den, int(sound.sample_rate) or 1) if sound else None
    takers = ((picture, video), (sound, audio))
    reader = PacketReader({found.index: times.take for found, times in takers if found and times})
    complaints = await prober.packets(reader)
    reader.finish()
    if "ended prematurely" in complaints or "partial file" in complaints.lower():
        raise Refused("media_unreadable", "The file is cut off before its end", path="path")
    if picture:
        _check_complete(picture, video)
        if video.without_time:
            await _decoded_times(prober, picture, video)
        if not video.times:
            raise Refused("media_unreadable", "No frame of its picture can be read", path="path")
    table = video.table(_usual_duration(picture)) if picture else None
    return table, audio if audio and audio.start is not None else None


async def _decoded_times(prober: Prober, picture: Found, video: VideoTimes) -> None:
    video.times.clear()
    video.last_duration = 0
    reader = PacketReader({picture.index: video.take_decoded})
    await prober.frame_times(picture.index, reader)
    reader.finish()


def _check_complete(picture: Found, video: VideoTimes) -> None:
    """Refuse a file whose index promises more frames than its bytes hold."""
    promised = picture.nb_frames or ""
    if promised.isdigit() and video.seen < int(promised):
        read = f"{video.seen} of {promised} frames can be read"
        raise Refused("media_unreadable", f"The file is cut off: {read}", path="path")


def _usual_duration(picture: Found) -> int:
    rate, base = streams.fraction(picture.avg_frame_rate), picture.base
    return rate.den * base.den // (rate.num * base.num) if rate else 1


def _assemble(
    form: Format,
    listing: Listing,
    picture: Found | None,
    table: FrameTable | None,
    sound: Found | None,
    times: AudioTimes | None,
) -> _Read:
    spans: list[tuple[Fraction, Fraction]] = []
    if picture and table and not form.still:
        spans.append((_flicks(table.first, picture.base), _flicks(table.end, picture.base)))
    if sound and times and times.start is not None and times.end is not None:
        spans.append((_flicks(times.start, sound.base), _flicks(times.end, sound.base)))
    origin = -(-min(start for start, _ in spans) // 1) if spans else 0
    length = int(max(end for _, end in spans) - origin) if spans else 0
    if not -(1 << 62) < origin < 1 << 62 or length > MAX_SECONDS * FLICKS_PER_SECOND:
        raise Refused("media_unreadable", "Its times are beyond ten days", path="path")
    still = form.still or (table is not None and len(table) == 1 and not times and form.demuxer in ("gif", "apng"))
    if not still and length <= 0:
        raise Refused("media_unreadable", "It lasts no time at all", path="path")
    return _Read(
        still=still,
        origin=origin,
        length=length,
        video=_video(picture, table) if picture and table else None,
        audio=_audio(sound, *spans[-1], origin) if sound and times else None,
        metadata=streams.metadata_of(listing),
    )


def _video(found: Found, frames: FrameTable) -> VideoStream:
    return VideoStream(
        index=found.index,
        codec=found.codec_name,
        width=found.width,
        height=found.height,
        sar=streams.pixel_shape(found),
        rotation=streams.rotation_of(found),
        time_base=found.base,
        frames=frames,
        pix_fmt=found.pix_fmt or "",
        color_range=streams.known(found.color_range),
        color_space=streams.known(found.color_space),
        color_primaries=streams.known(found.color_primaries),
        color_transfer=streams.known(found.color_transfer),
    )


def _audio(found: Found, start: Fraction, end: Fraction, origin: int) -> AudioStream:
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
