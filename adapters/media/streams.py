"""Which streams of a file are used, and what they are, from ffprobe's description of them."""

from typing import Any

import msgspec

from domain.errors import Refused
from domain.library.media import Ratio, Rotation

# what a render has been shown to decode; anything else has no business in an editor
VIDEO_CODECS = frozenset(
    [
        "apng",
        "av1",
        "bmp",
        "cfhd",
        "cinepak",
        "dnxhd",
        "dvvideo",
        "ffv1",
        "flv1",
        "gif",
        "h263",
        "h264",
        "hevc",
        "huffyuv",
        "ffvhuff",
        "jpeg2000",
        "magicyuv",
        "mjpeg",
        "mpeg1video",
        "mpeg2video",
        "mpeg4",
        "msmpeg4v2",
        "msmpeg4v3",
        "png",
        "prores",
        "qtrle",
        "rawvideo",
        "svq1",
        "svq3",
        "theora",
        "tiff",
        "utvideo",
        "v210",
        "vc1",
        "vp8",
        "vp9",
        "webp",
        "wmv1",
        "wmv2",
        "wmv3",
    ]
)
AUDIO_CODECS = frozenset(
    [
        "aac",
        "ac3",
        "adpcm_ima_qt",
        "adpcm_ima_wav",
        "adpcm_ms",
        "alac",
        "amr_nb",
        "amr_wb",
        "dts",
        "eac3",
        "flac",
        "mp1",
        "mp2",
        "mp3",
        "opus",
        "truehd",
        "vorbis",
        "wavpack",
        "wmapro",
        "wmav1",
        "wmav2",
    ]
)
METADATA = ("title", "artist", "album", "genre", "comment", "description", "date", "creation_time", "copyright")
MAX_SIDE = 16_384
MAX_PIXELS = 1 << 27


class Found(msgspec.Struct):
    """A stream as ffprobe describes it; what it leaves out is None."""

    index: int
    codec_type: str = ""
    codec_name: str = ""
    time_base: str = "0/0"
    width: int = 0
    height: int = 0
    sample_aspect_ratio: str | None = None
    pix_fmt: str | None = None
    color_range: str | None = None
    color_space: str | None = None
    color_primaries: str | None = None
    color_transfer: str | None = None
    avg_frame_rate: str = "0/0"
    sample_rate: str = "0"
    channels: int = 0
    duration_ts: int | None = None
    disposition: dict[str, int] = {}
    side_data_list: list[dict[str, Any]] = []

    @property
    def base(self) -> Ratio:
        """Seconds a tick; ``media_unreadable`` where that is no fraction."""
        ratio = fraction(self.time_base)
        if ratio is None:
            raise Refused("media_unreadable", "A stream has no time base", path="path")
        return ratio


class Container(msgspec.Struct):
    """The part of ffprobe's description that is about the file as a whole."""

    tags: dict[str, str] = {}


class Listing(msgspec.Struct):
    """What ffprobe says of a file."""

    streams: list[Found] = []
    format: Container = msgspec.field(default_factory=Container)


def picture_of(listing: Listing) -> Found | None:
    """The stream that is shown: the first that is no cover picture, a default one before others."""
    shown = [
        found
        for found in listing.streams
        if found.codec_type == "video"
        and not found.disposition.get("attached_pic")
        and not found.disposition.get("timed_thumbnails")
    ]
    return _first(shown, VIDEO_CODECS)


def sound_of(listing: Listing) -> Found | None:
    """The stream that is heard: the first, a default one before others."""
    found = _first([found for found in listing.streams if found.codec_type == "audio"], AUDIO_CODECS)
    if found and not (
        found.sample_rate.isdigit() and 0 < int(found.sample_rate) < 1 << 20 and 0 < found.channels <= 64
    ):
        raise Refused("media_unreadable", "Its sound has no sample rate or no channels", path="path")
    return found


def _first(streams: list[Found], codecs: frozenset[str]) -> Found | None:
    in_order = sorted(streams, key=lambda found: not found.disposition.get("default"))
    usable = [found for found in in_order if found.codec_name in codecs or found.codec_name.startswith("pcm_")]
    if in_order and not usable:
        codec = in_order[0].codec_name or "unknown"
        raise Refused(
            "media_unreadable", f"Its {in_order[0].codec_type} codec ({codec[:40]}) can't be read", path="path"
        )
    return usable[0] if usable else None


def check_picture(found: Found) -> None:
    """Refuse a picture without a size or a pixel format (no frame of it was decoded), or one beyond all screens."""
    if found.width <= 0 or found.height <= 0 or not found.pix_fmt or found.pix_fmt == "none":
        raise Refused("media_unreadable", "Its picture can't be decoded: it is damaged", path="path")
    if max(found.width, found.height) > MAX_SIDE or found.width * found.height > MAX_PIXELS:
        size = f"{found.width} x {found.height}"
        raise Refused("media_unreadable", f"Its picture is too large: {size} pixels", path="path")


def rotation_of(found: Found) -> Rotation:
    """How far the picture has to be turned clockwise to stand upright; ``media_unreadable`` for one to be mirrored."""
    for side_data in found.side_data_list:
        if _mirrors(str(side_data.get("displaymatrix", ""))):
            raise Refused("media_unreadable", "Its picture is stored mirrored", path="path")
        angle = side_data.get("rotation")
        if isinstance(angle, int | float):
            match -round(angle) % 360:
                case 0 | 90 | 180 | 270 as clockwise:
                    return clockwise
                case other:
                    raise Refused("media_unreadable", f"Its picture is turned by {other} degrees", path="path")
    return 0


def _mirrors(matrix: str) -> bool:
    """Whether a display matrix, in ffprobe's three lines of an offset and three numbers, has a negative determinant."""
    rows = [[int(number) for number in line.split(":")[-1].split()] for line in matrix.strip().splitlines()]
    return len(rows) == 3 and rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0] < 0


def pixel_shape(found: Found) -> Ratio:
    """A pixel's width to its height; square where the file does not say."""
    return fraction((found.sample_aspect_ratio or "").replace(":", "/")) or Ratio(1, 1)


def known(colour: str | None) -> str | None:
    """A colour field, None where it says nothing."""
    return None if colour in (None, "unknown", "unspecified", "reserved") else colour


def metadata_of(listing: Listing) -> dict[str, str]:
    """What the container says of itself, as far as people ask for it, each at most 500 characters."""
    lower = {name.lower(): text for name, text in listing.format.tags.items()}
    return {name: lower[name][:500] for name in METADATA if lower.get(name, "").strip()}


def fraction(text: str) -> Ratio | None:
    """``num/den`` where both are positive and fit into 31 bits."""
    num, _, den = text.partition("/")
    if not (num.isascii() and num.isdigit() and den.isascii() and den.isdigit()):
        return None
    ratio = Ratio(int(num), int(den))
    return ratio if 0 < ratio.num < 1 << 31 and 0 < ratio.den < 1 << 31 else None
