"""Looking at what was made: is it what the plan says, to the frame and to the sample, and can it be decoded?"""

from fractions import Fraction
from pathlib import Path

import msgspec

from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import Limits, run
from adapters.render.pieces import differences
from domain.errors import Refused
from domain.render.plan import Expect

_PROBE = ("-v", "error", "-show_streams", "-of", "json")
_DECODE = ("-hide_banner", "-nostdin", "-v", "error", "-xerror", "-err_detect", "explode")
_TIMEOUT_S = 120
_DECODING_S = 1200
_LIMITS = Limits(cpu_seconds=1200, memory_bytes=2 << 30, file_bytes=0)
_DEMUXERS = {
    ".mp4": "mov",
    ".mov": "mov",
    ".m4a": "mov",
    ".mkv": "matroska",
    ".webm": "matroska",
    ".wav": "wav",
    ".mp3": "mp3",
    ".opus": "ogg",
    ".flac": "flac",
    ".gif": "gif",
    ".png": "image2",
    ".jpg": "image2",
    ".m3u8": "hls",
    ".mpd": "dash",
}
# FFmpeg's parser of Opus complains at the end of every Matroska file, its own too; packets there are whole anyway
_UNPARSED = ["-fflags", "noparse"]
_FROM_THE_START = frozenset({"gif", "image2"})  # readers that can't begin anywhere else


class ProbedStream(msgspec.Struct, frozen=True):
    """A stream of a result."""

    kind: str = msgspec.field(name="codec_type")
    codec: str = msgspec.field(name="codec_name")
    packets_read: str | None = msgspec.field(name="nb_read_packets", default=None)
    packets_listed: str | None = msgspec.field(name="nb_frames", default=None)
    width: int | None = None
    height: int | None = None
    pix_fmt: str | None = None
    frame_rate: str | None = msgspec.field(name="r_frame_rate", default=None)
    sample_rate: str | None = None
    channels: int | None = None
    time_base: str = "0/1"
    duration_ts: int = 0

    @property
    def packets(self) -> int:
        """How many there are: counted by reading all of them, or as the header has them."""
        return int(self.packets_read or self.packets_listed or 0)

    @property
    def rate(self) -> int:
        """Samples a second; 0 without sound."""
        return int(self.sample_rate or 0)

    @property
    def samples(self) -> int:
        """Its length in samples; 0 without sound."""
        return round(self.duration_ts * Fraction(self.time_base) * self.rate)


class _Listing(msgspec.Struct):
    streams: list[ProbedStream] = []


async def probe(tools: Tools, path: Path, *, reading: bool) -> list[ProbedStream]:
    """The streams of a file; ``result_wrong`` when it can't be read: with ``reading`` to its end, else its header."""
    listing = bytearray()
    counting = ["-count_packets"] if reading else []
    outcome = await run(
        [str(tools.ffprobe), *_PROBE, *counting, *_reading(path), f"file:{path}"],
        timeout=_TIMEOUT_S,
        limits=_LIMITS,
        on_progress=listing.extend,
    )
    if not outcome.ok or outcome.error_text:
        raise Refused("result_wrong", f"The result can't be read: {_last_line(outcome.error_text)}")
    return msgspec.json.decode(listing, type=_Listing).streams


def check(streams: list[ProbedStream], expect: Expect) -> None:
    """Refuses ``result_wrong``, naming the first difference, when these streams are not what was planned."""
    video = next((stream for stream in streams if stream.kind == "video"), None)
    audio = next((stream for stream in streams if stream.kind == "audio"), None)
    found = Expect(
        frames=video.packets if video else None,
        width=video.width if video else None,
        height=video.height if video else None,
        samples=audio.samples if audio else None,
        sample_rate=audio.rate if audio else None,
        channels=audio.channels if audio else None,
    )
    differences(expect, found)


async def check_heard(tools: Tools, path: Path, expect: Expect) -> None:
    """Decode a file of sound to its end and count; what its header says is not the same in every format.

    Refuses ``result_wrong`` as `check` does, and where it can't be decoded.
    """
    heard = 0

    def count(piece: bytes) -> None:
        nonlocal heard
        heard += len(piece)

    raw = ["-ac", "2", "-c:a", "pcm_s16le", "-f", "s16le", "pipe:1"]
    argv = [str(tools.ffmpeg), *_DECODE, *_reading(path), "-i", f"file:{path}", *raw]
    outcome = await run(argv, timeout=_DECODING_S, limits=_LIMITS, on_progress=count)
    if not outcome.ok or outcome.error_text:
        raise Refused("result_wrong", f"The sound can't be decoded: {_last_line(outcome.error_text)}")
    [stream] = await probe(tools, path, reading=False)
    differences(expect, Expect(samples=heard // 4, sample_rate=stream.rate, channels=stream.channels))


async def check_end(tools: Tools, path: Path, frames: int, rate: Fraction) -> None:
    """Decode the last second, sound and picture; ``result_wrong`` at the first fault in it.

    Places in a film are added up from its beginning: where the last are right, all are.
    """
    start = max(Fraction(0), frames / rate - 1)
    seek = [] if demuxer(path) in _FROM_THE_START else ["-ss", f"{int(start * 1_000_000)}us"]
    argv = [str(tools.ffmpeg), *_DECODE, *seek, *_reading(path), "-i", f"file:{path}", "-f", "null", "-"]
    outcome = await run(argv, timeout=_TIMEOUT_S, limits=_LIMITS)
    if not outcome.ok or outcome.error_text:
        raise Refused("result_wrong", f"The film's end can't be decoded: {_last_line(outcome.error_text)}")


def _reading(path: Path) -> list[str]:
    name = demuxer(path)
    return [*(_UNPARSED if name == "matroska" else []), "-f", name]


def demuxer(path: Path) -> str:
    """What reads a file of that name; ``result_wrong`` where nothing does."""
    try:
        return _DEMUXERS[path.suffix]
    except KeyError:
        raise Refused("result_wrong", f"Nothing is known of files that end in {path.suffix!r}") from None


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["no reason given"])[-1][:300]
