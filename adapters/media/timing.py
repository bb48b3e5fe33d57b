"""When each frame of a file shows and when its sound is heard, read from all of its packets."""

from adapters.media import streams
from adapters.media.ffprobe import Prober
from adapters.media.packets import AudioTimes, PacketReader, VideoTimes
from adapters.media.sniff import Format
from adapters.media.streams import Found
from domain.errors import Refused
from domain.library.media import FrameTable


async def read_times(
    prober: Prober, form: Format, picture: Found | None, sound: Found | None
) -> tuple[FrameTable | None, AudioTimes | None]:
    """The picture's frame table and the sound's span; None for what is not there or holds nothing."""
    video = VideoTimes()
    audio = AudioTimes(sound.base, int(sound.sample_rate)) if sound else None
    takers = ((picture, video), (sound, audio))
    reader = PacketReader({found.index: times.take for found, times in takers if found and times})
    complaints = await prober.packets(reader)
    reader.finish()
    # FLAC's reader ends in silence where the file is cut off, but its header says how much there should be
    short = sound and audio and form.demuxer == "flac" and _is_short(sound, audio)
    if short or "ended prematurely" in complaints or "partial file" in complaints:
        raise Refused("media_unreadable", "The file is cut off before its end", path="path")
    table = await _table(prober, picture, video) if picture else None
    return table, audio if audio and audio.start is not None else None


async def _table(prober: Prober, picture: Found, video: VideoTimes) -> FrameTable:
    if video.without_time:
        video.times.clear()
        video.last_duration = 0
        reader = PacketReader({picture.index: video.take_decoded})
        await prober.frame_times(picture.index, reader)
        reader.finish()
    if not video.times:
        raise Refused("media_unreadable", "No frame of its picture can be read", path="path")
    return video.table(_usual_duration(picture))


def _is_short(sound: Found, audio: AudioTimes) -> bool:
    """Whether more than half a second is missing of what the header promises."""
    held = (audio.end or 0) - (audio.start or 0)
    return 2 * ((sound.duration_ts or 0) - held) * audio.base.num > audio.base.den


def _usual_duration(picture: Found) -> int:
    rate, base = streams.fraction(picture.avg_frame_rate), picture.base
    return rate.den * base.den // (rate.num * base.num) if rate else 1
