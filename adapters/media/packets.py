"""The exact times of a file's frames and samples, from its packets as the demuxer gives them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from domain.errors import Refused
from domain.library.media import FrameTable, Ratio

# 23 hours at 60 frames a second; the sound of as much has about half as many packets
MAX_PACKETS = 5_000_000

ENTRIES = "packet=stream_index,pts,duration,flags:packet_side_data=skip_samples,discard_padding"


@dataclass
class VideoTimes:
    """What the packets of a video stream tell, in ticks of its time base."""

    times: list[int] = field(default_factory=list)
    last_duration: int = 0
    without_time: int = 0
    _has_key: bool = False
    _latest: int = 0

    def take(self, fields: dict[str, str]) -> None:
        """One packet, in the file's order."""
        flags = fields.get("flags", "")
        self._has_key = self._has_key or flags.startswith("K")
        # a discarded packet is decoded and not shown; before the first key frame nothing can be decoded
        if "D" in flags or not self._has_key:
            return
        time = _number(fields, "pts")
        if time is None:
            self.without_time += 1
            return
        if not self.times or time > self._latest:
            self._latest = time
            self.last_duration = _number(fields, "duration") or 0
        self.times.append(time)

    def take_decoded(self, fields: dict[str, str]) -> None:
        """One decoded frame, in the order of showing, for a container whose packets carry no times.

        One that nothing is said about (a program stream's last) comes as long after its neighbour as that one did.
        """
        time = _number(fields, "best_effort_timestamp")
        if time is None and len(self.times) > 1:
            time = 2 * self.times[-1] - self.times[-2]
        if time is not None:
            self.times.append(time)

    def table(self, usual_duration: int) -> FrameTable:
        """The frame table; ``usual_duration`` ticks for the last frame where nothing says how long it is shown."""
        self.times.sort()
        if self.last_duration <= 0 and len(self.times) > 1:
            self.last_duration = self.times[-1] - self.times[-2]
        return FrameTable.of(self.times, self.last_duration if self.last_duration > 0 else max(usual_duration, 1))


@dataclass
class AudioTimes:
    """What the packets of an audio stream tell, in ticks of its time base: heard from ``start`` to ``end``."""

    base: Ratio
    sample_rate: int
    start: int | None = None
    end: int | None = None
    _usual: int = 0

    def take(self, fields: dict[str, str]) -> None:
        """One packet, in the file's order."""
        time = _number(fields, "pts")
        if time is None:
            return
        if self.start is None:
            # an encoder's priming samples are decoded and not heard
            self.start = time + self._ticks(fields, "skip_samples")
        elif "D" in fields.get("flags", ""):
            return
        length, padding = _number(fields, "duration") or 0, self._ticks(fields, "discard_padding")
        # some containers have taken the padding off the duration already
        end = time + (length if length + padding <= self._usual else length - padding)
        self._usual = max(self._usual, length)
        self.end = end if self.end is None else max(self.end, end)

    def _ticks(self, fields: dict[str, str], name: str) -> int:
        samples = _number(fields, name) or 0
        return samples * self.base.den // (self.sample_rate * self.base.num)


class PacketReader:
    """Takes ffprobe's compact listing (``ENTRIES``) in pieces and hands each packet to its stream's reader."""

    def __init__(self, takers: Mapping[int, Callable[[dict[str, str]], None]]) -> None:
        self._takers = {str(index): take for index, take in takers.items()}
        self._rest = b""
        self._count = 0

    def __call__(self, piece: bytes) -> None:
        """The next bytes of the listing. ``media_unreadable`` where it grows past all bounds."""
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        if len(self._rest) > 100_000:
            raise Refused("media_unreadable", "A packet of the file describes itself without end", path="path")
        self._count += len(lines)
        if self._count > MAX_PACKETS:
            raise Refused("media_unreadable", f"The file has more than {MAX_PACKETS} packets", path="path")
        for line in lines:
            fields = _fields(line.decode(errors="replace"))
            take = self._takers.get(fields.get("stream_index", ""))
            if take:
                take(fields)

    def finish(self) -> None:
        """The listing has ended."""
        self(b"\n")


def _fields(line: str) -> dict[str, str]:
    fields = {}
    for part in line.split("|"):
        name, found, value = part.partition("=")
        if found:
            # newer ffprobe writes side_datum/skip_samples:skip_samples=…
            fields[name.rpartition(":")[2]] = value
    return fields


def _number(fields: dict[str, str], name: str) -> int | None:
    try:
        return int(fields[name])
    except (KeyError, ValueError):
        return None
