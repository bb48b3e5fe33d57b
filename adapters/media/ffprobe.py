"""Ask FFmpeg's programs about an open file, with everything nailed down that a file could use to lead elsewhere."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import Limits, Outcome, run
from adapters.media.packets import ENTRIES
from adapters.media.paths import Opened
from adapters.media.streams import MAX_PIXELS, Listing
from domain.errors import Refused

LIMITS = Limits(cpu_seconds=600, memory_bytes=3 << 30, file_bytes=0)
_MAX_LISTING = 8 << 20
_QUICK = 30


class Prober:
    """Both programs, pointed at one open file whose format has been decided."""

    def __init__(self, tools: Tools, file: Opened, demuxer: str) -> None:
        self._tools = tools
        self._file = file
        # the format is ours to say and no other may be opened from within; only plain files are read
        self._input = [
            *("-f", demuxer, "-format_whitelist", demuxer, "-protocol_whitelist", "file"),
            *("-max_streams", "32", "-max_pixels", str(MAX_PIXELS)),
            *("-probesize", "10M", "-analyzeduration", "10M", "-i", file.argument),
        ]

    async def listing(self) -> Listing:
        """Streams and container."""
        text = bytearray()

        def take(piece: bytes) -> None:
            text.extend(piece)
            if len(text) > _MAX_LISTING:
                raise Refused("media_unreadable", "The file describes itself without end", path="path")

        await self._ask(self._tools.ffprobe, ["-show_streams", "-show_format", "-of", "json"], take, _QUICK)
        try:
            return msgspec.json.decode(bytes(text), type=Listing)
        except msgspec.MsgspecError as failure:
            raise Refused("media_unreadable", "The file's description makes no sense", path="path") from failure

    async def packets(self, take: Callable[[bytes], None]) -> str:
        """Every packet, listed for a PacketReader; answers what the demuxer complained of."""
        return await self._ask(
            self._tools.ffprobe, ["-show_entries", ENTRIES, "-of", "compact=p=0"], take, self._time_to_read()
        )

    async def frame_times(self, stream: int, take: Callable[[bytes], None]) -> None:
        """The same listing from really decoded frames, for a container without times on its packets."""
        wanted = [
            "-select_streams",
            str(stream),
            "-show_entries",
            "frame=stream_index,best_effort_timestamp",
            "-of",
            "compact=p=0",
        ]
        await self._ask(self._tools.ffprobe, wanted, take, 20 * self._time_to_read())

    async def decodes(self, streams: list[int]) -> bool:
        """Whether a first frame, with all of its parts, comes out of every one of the streams."""
        lines = bytearray()
        # an output each: in one output, the stream that is done first would end the other
        outputs = [
            part
            for stream in streams
            for part in ("-map", f"0:{stream}", "-frames:v", "1", "-frames:a", "1", "-f", "framecrc", "-")
        ]
        argv = [str(self._tools.ffmpeg), "-nostdin", "-v", "error", "-threads", "1", *self._input, *outputs]
        outcome = await self._run(argv, lines.extend, _QUICK)
        frames = [line for line in bytes(lines).splitlines() if not line.startswith(b"#")]
        # a JPEG that is cut off decodes to grey and a complaint
        return outcome.ok and len(frames) >= len(streams) and "overread" not in outcome.error_text

    async def _run(self, argv: list[str], take: Callable[[bytes], None], seconds: int) -> Outcome:
        return await run(argv, timeout=seconds, limits=LIMITS, on_progress=take, pass_fds=(self._file.descriptor,))

    async def _ask(self, program: Path, wanted: list[str], take: Callable[[bytes], None], seconds: int) -> str:
        argv = [str(program), "-v", "error", *wanted, *self._input]
        outcome = await self._run(argv, take, seconds)
        if outcome.timed_out:
            raise Refused("media_unreadable", "Reading the file took too long", path="path")
        if not outcome.ok:
            raise Refused("media_unreadable", f"FFmpeg can't read it: {_plain(outcome.error_text)}", path="path")
        return outcome.error_text

    def _time_to_read(self) -> int:
        # 10 MB a second is slower than any disk that one would edit from
        return 60 + self._file.file_size // 10_000_000


def _plain(text: str) -> str:
    """The last complaint, without addresses in memory and names of descriptors."""
    lines = [line for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else "it gives no reason"
    return last.rpartition("] ")[2].rpartition("/dev/fd/")[2].lstrip("0123456789: ")[:200] or "it gives no reason"
