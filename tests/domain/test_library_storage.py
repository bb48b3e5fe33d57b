"""The facts of a media file are read from the bytes that were once stored, and stored as the same bytes again."""

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from domain.library.events import (
    Description,
    LibraryFact,
    MediaChanged,
    MediaFound,
    MediaLost,
    MediaMoved,
    MediaNamed,
    MediaRefused,
    MediaRemoved,
    MediaTagged,
    MediaTouched,
)
from domain.library.media import AudioStream, FrameTable, MediaFile, Ratio, VideoStream

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "facts"

VIDEO = VideoStream(
    index=0,
    codec="h264",
    width=1920,
    height=1080,
    sar=Ratio(1, 1),
    rotation=90,
    time_base=Ratio(1, 90_000),
    frames=FrameTable(-3003, [(16_610, 1), (2_999, 39)], 2_999),
    pix_fmt="yuv420p",
    color_range="tv",
    color_space="bt709",
    color_primaries=None,
    color_transfer=None,
)
AUDIO = AudioStream(index=1, codec="aac", sample_rate=48_000, channels=2, start=14_700, duration=1_128_945_300)
CONTENT = MediaFile(
    id="media_1",
    kind="video",
    sha256="9b" * 32,
    demuxer="mov",
    exact_seek=True,
    origin=-23_543_520,
    duration=1_152_488_820,
    video=VIDEO,
    audio=AUDIO,
)
STILL = msgspec.structs.replace(CONTENT, kind="image", demuxer="png_pipe", exact_seek=False, duration=None, audio=None)
FILM = Description("/media/Grüße.mp4", 2_942_343, 1_700_000_000_123_456_789, 14_711_715, {"title": "Sea"}, CONTENT)
PHOTO = Description("/media/a.png", 1, 2, None, {}, STILL)
STORED: list[LibraryFact] = [
    MediaFound("media_1", FILM),
    MediaChanged("media_1", PHOTO),
    MediaMoved("media_1", "/media/b.mp4", 3),
    MediaTouched("media_1", 4),
    MediaLost("media_1"),
    MediaRefused("media_1", "/media/c.mp4", 5, 6, "media_unreadable", "The file is cut off before its end"),
    MediaNamed("media_1", "Waves"),
    MediaTagged("media_1", ["beach", "sea"]),
    MediaRemoved("media_1"),
]


def tag_of(fact: LibraryFact) -> str:
    return str(type(fact).__struct_config__.tag)


@pytest.mark.parametrize("fact", STORED, ids=tag_of)
def test_a_fact_is_the_bytes_that_were_stored(fact: LibraryFact) -> None:
    stored = bytes.fromhex((GOLDEN / f"{tag_of(fact)}.hex").read_text())
    assert msgspec.msgpack.decode(stored, type=LibraryFact) == fact
    assert msgspec.msgpack.encode(fact) == stored


def test_every_fact_has_its_bytes() -> None:
    assert {type(fact) for fact in STORED} == set(get_args(LibraryFact))
