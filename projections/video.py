"""A library entry as the API shows it. "Video" covers sound files and stills too."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import msgspec

from domain.library.media import AudioStream, MediaKind, VideoStream, frame_rate
from domain.library.shelf import Known, Status
from domain.time import to_seconds
from projections.times import utc

USUAL_RATES = [Fraction(n, d) for n in (24, 25, 30, 48, 50, 60, 100, 120) for d in (1, Fraction(1001, 1000))]


class Audio(msgspec.Struct, frozen=True):
    """The sound of an entry. ``start`` is when it begins and ``duration`` how long it lasts, both in seconds."""

    codec: str
    sample_rate: int
    channels: int
    start: Decimal
    duration: Decimal


class Problem(msgspec.Struct, frozen=True):
    """Why a file can't be used; ``code`` is from the table of errors."""

    code: str
    message: str


class Video(msgspec.Struct, frozen=True, kw_only=True):
    """A library entry.

    ``width`` and ``height`` are of the upright picture. ``fps`` is a whole number or a fraction as text; of a file
    whose frames come at no constant rate, the average. ``codec`` is the picture's, or the sound's where there is no
    picture. A file that was never readable has no ``kind`` and says why in ``error``.
    """

    id: str
    kind: MediaKind | None
    status: Status
    path: str
    filename: str
    name: str | None
    tags: tuple[str, ...]
    duration: Decimal | None
    width: int | None
    height: int | None
    rotation: int | None
    fps: int | str | None
    frames: int | None
    codec: str | None
    pix_fmt: str | None
    audio: Audio | None
    bitrate: int | None
    file_size: int
    sha256: str | None
    metadata: dict[str, str]
    error: Problem | None
    created_at: str
    scanned_at: str


def video(known: Known, created_us: int, scanned_us: int) -> Video:
    """The entry of a file. ``created_us`` is when it was found first, ``scanned_us`` when a scan last told of it."""
    content = known.description.content if known.description else None
    picture, sound = (content.video, content.audio) if content else (None, None)
    width, height = _upright(picture) if picture else (None, None)
    return Video(
        id=known.media,
        kind=content.kind if content else None,
        status=known.status,
        path=known.path,
        filename=known.path.rpartition("/")[2],
        name=known.name,
        tags=known.tags,
        duration=to_seconds(content.duration) if content and content.duration is not None else None,
        width=width,
        height=height,
        rotation=picture.rotation if picture else None,
        fps=_shown_rate(picture) if picture else None,
        frames=len(picture.frames) if picture else None,
        codec=picture.codec if picture else sound.codec if sound else None,
        pix_fmt=picture.pix_fmt if picture else None,
        audio=_audio(sound) if sound else None,
        bitrate=known.description.bitrate if known.description else None,
        file_size=known.file_size,
        sha256=known.sha256,
        metadata=known.description.metadata if known.description else {},
        error=Problem(*known.refusal) if known.refusal else None,
        created_at=utc(created_us),
        scanned_at=utc(scanned_us),
    )


def _upright(picture: VideoStream) -> tuple[int, int]:
    if picture.rotation in (90, 270):
        return picture.height, picture.width
    return picture.width, picture.height


def _audio(sound: AudioStream) -> Audio:
    start, duration = to_seconds(sound.start), to_seconds(sound.duration)
    return Audio(sound.codec, sound.sample_rate, sound.channels, start, duration)


def _shown_rate(picture: VideoStream) -> int | str | None:
    rate = frame_rate(picture)
    if rate is None:
        return None
    shown = _meant(rate, len(picture.frames) - 1, Fraction(picture.time_base.num, picture.time_base.den))
    return shown.numerator if shown.denominator == 1 else f"{shown.numerator}/{shown.denominator}"


@lru_cache(maxsize=4096)  # a rebuild asks for every file, and most of them are much alike
def _meant(rate: Fraction, intervals: int, tick: Fraction) -> Fraction:
    """A container that counts milliseconds can't say 1001/30000 s: a usual rate within its clock's step is meant."""
    drift, usual = min((abs(intervals / usual - intervals / rate), usual) for usual in USUAL_RATES)
    return usual if drift <= tick else rate
