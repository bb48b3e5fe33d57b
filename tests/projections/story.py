"""A log in memory that tests tell edit by edit, and short ways to say facts."""

from collections.abc import Callable
from typing import Any

import msgspec

from adapters.eventstore.edits import Record
from domain.library.events import Description, MediaFound
from domain.library.media import AudioStream, FrameTable, MediaFile, Ratio, VideoStream
from domain.render.events import PlannedUnit, RenderRequested
from domain.timeline.events import CANVAS, Clip, ClipAdded, Output, ProjectCreated, Rate, Source, Track, TrackAdded

SECOND = 705_600_000
START_US = 1_700_000_000_000_000


class Story:
    """A log: positions without gaps, a chain that names what was told before, a tenth of a second between edits."""

    def __init__(self, branch: bytes = b"") -> None:
        """``branch`` sets the chain apart from that of another story with the same facts."""
        self.records: list[Record] = []
        self._branch = branch
        self._callbacks: list[Callable[[int], None]] = []

    def tell(
        self, stream: str, *facts: msgspec.Struct | bytes, actor: str = "ann", tag: str = "project_renamed.1"
    ) -> int:
        """One edit of a stream; bytes are a payload as it is. The position of its last fact."""
        version = sum(record.stream == stream for record in self.records)
        edit = f"edit-{len(self.records)}"
        time_us = START_US + 100_000 * len(self.records)
        for fact in facts:
            version += 1
            position = len(self.records) + 1
            payload = fact if isinstance(fact, bytes) else msgspec.msgpack.encode(fact)
            name = tag if isinstance(fact, bytes) else str(fact.__struct_config__.tag)
            ids = (edit, f"event-{position}", actor, f"request-{edit}", None)
            chain = self._branch + position.to_bytes(8, "big")
            self.records.append(Record(position, stream, version, name, payload, *ids, time_us, chain))
        for callback in self._callbacks:
            callback(self.position())
        return self.position()

    def read_all(self, after: int, limit: int) -> list[Record]:
        """As the real log."""
        return self.records[after : after + limit]

    def position(self) -> int:
        """As the real log."""
        return len(self.records)

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """As the real log; the callback runs in the teller's thread."""
        self._callbacks.append(callback)


def media_file(media: str, **fields: Any) -> MediaFile:
    """Four seconds of 1280x720 H.264 at 25 frames a second with sound."""
    frames = FrameTable(0, [(512, 99)], 512)
    upright = {
        "sar": Ratio(1, 1),
        "rotation": fields.pop("rotation", 0),
        "time_base": Ratio(1, 12800),
        "frames": frames,
    }
    colour = dict.fromkeys(("color_range", "color_space", "color_primaries", "color_transfer"))
    video = VideoStream(index=0, codec="h264", width=1280, height=720, pix_fmt="yuv420p", **upright, **colour)
    audio = AudioStream(1, "aac", 48_000, 2, 0, 4 * SECOND)
    given: dict[str, Any] = {"kind": "video", "sha256": media.encode().hex().ljust(64, "0"), "demuxer": "mov"}
    given |= {"exact_seek": True, "origin": 0, "duration": 4 * SECOND, "video": video, "audio": audio}
    return MediaFile(id=media, **(given | fields))


def found(media: str, path: str, metadata: dict[str, str] | None = None, **fields: Any) -> MediaFound:
    """A file turned up."""
    return MediaFound(media, Description(path, 1000, 1, 2_000_000, metadata or {}, media_file(media, **fields)))


def created(name: str = "Film") -> ProjectCreated:
    """A project of 1280x720 at 30 frames a second."""
    return ProjectCreated(name, Output(1280, 720, Rate(30, 1), 48_000, "#000000"))


def track(name: str, index: int = 0) -> TrackAdded:
    """A video track."""
    return TrackAdded(Track(name, "video", name, 1_000_000, False, False, False), index)


def clip(name: str, on: str, at: int, seconds: int = 1, media: str = "m1") -> ClipAdded:
    """The first ``seconds`` of a file of 100 seconds, at second ``at`` of a track."""
    source = Source(media, "video", 100 * SECOND, True)
    span = (0, seconds * SECOND, at * SECOND)
    return ClipAdded(Clip(name, on, source, *span, 1_000_000, 0, 0, "contain", CANVAS))


def requested(job: str, project: str = "p1", version: int = 3) -> RenderRequested:
    """Somebody wants a film."""
    return RenderRequested(job, project, version, "standard", f"/films/{job}.mp4")


def unit(key: str, weight: int = 1, reused: bool = False) -> PlannedUnit:
    """A segment of a plan."""
    return PlannedUnit(key, "segment", weight, reused)
