"""The encoders that films are made with, as data: what each can, and its words for FFmpeg.

A codec's quality is on one scale, whichever encoder takes it; lower is better. Where a codec has more than one encoder,
software comes in order of preference, and hardware is only taken where it is asked for.
"""

from typing import Literal

from domain.timeline.events import Shape

PictureCodec = Literal["h264", "hevc", "av1", "vp9", "prores", "ffv1", "gif", "png", "jpeg"]
SoundCodec = Literal["aac", "opus", "mp3", "flac", "alac", "pcm_s16", "pcm_s24"]
Colours = Literal["film", "rgb", "jpeg", "surface"]

_TAGS = ("-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
# where chroma lies is the one header field that a graph can't set on every FFmpeg: joined segments have one header
_LEFT = {
    "h264": "h264_metadata=chroma_sample_loc_type=0",
    "hevc": "hevc_metadata=chroma_sample_loc_type=0",
    "av1": "av1_metadata=chroma_sample_position=vertical",
}
_CAREFUL = ("placebo", "veryslow", "slower", "slow", "medium", "fast", "faster", "veryfast", "superfast", "ultrafast")
_NUMBERED = tuple(map(str, range(9)))


class Scale(Shape, frozen=True):
    """Constant quality from ``best`` to ``worst``. ``words`` come before the number.

    A scale that counts the other way, from ``worst`` up to ``top``, has a ``top``.
    """

    words: tuple[str, ...]
    best: int
    worst: int
    usual: int
    top: int | None = None

    def said(self, quality: int) -> list[str]:
        """The words for a quality."""
        number = quality if self.top is None else self.top - quality * self.top // self.worst
        return [*self.words, str(number)]


class Speeds(Shape, frozen=True):
    """How much care an encoder takes, most first. ``words`` come before the choice."""

    words: tuple[str, ...]
    choices: tuple[str, ...]
    usual: str


class PictureEncoder(Shape, frozen=True, kw_only=True):
    """An encoder of pictures, by FFmpeg's name.

    ``bitrate``: it can be held to one. ``two_pass``: with ``-pass``. ``device`` are words for a device that has to be
    opened first. What it makes is written by ``muxer``.
    """

    name: str
    codec: PictureCodec
    pixel_formats: tuple[str, ...]
    quality: Scale | None = None
    speed: Speeds | None = None
    bitrate: bool = False
    two_pass: bool = False
    hardware: bool = False
    fixed: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    colours: Colours = "film"
    bitstream_filter: str | None = None
    muxer: Literal["mp4", "mov", "gif"] = "mp4"

    def words(self, rate: list[str], speed: str | None, pixel_format: str) -> list[str]:
        """Its arguments; ``rate`` says how good or how large."""
        careful = [*self.speed.words, speed] if self.speed and speed else []
        tags = _TAGS if self.colours in ("film", "surface") else ()
        shape = ["-pix_fmt", pixel_format] if self.colours != "surface" else []
        return ["-c:v", self.name, *careful, *rate, *shape, *self.fixed, *tags]


class SoundEncoder(Shape, frozen=True, kw_only=True):
    """An encoder of sound, by FFmpeg's name.

    ``bitrates`` are the least, the usual and the greatest in kb/s; None where it loses nothing. ``rates`` are the
    samples a second that it takes; empty: any.
    """

    name: str
    codec: SoundCodec
    muxer: str
    suffix: str
    bitrates: tuple[int, int, int] | None = None
    rates: tuple[int, ...] = ()
    fixed: tuple[str, ...] = ()


_MP3_RATES = (48_000, 44_100, 32_000, 24_000, 22_050, 16_000)
_H26X = Scale(("-crf",), 0, 51, 23)

SOFTWARE: tuple[PictureEncoder, ...] = (
    PictureEncoder(
        name="libx264",
        codec="h264",
        pixel_formats=("yuv420p", "yuv422p", "yuv444p"),
        quality=_H26X,
        speed=Speeds(("-preset",), _CAREFUL, "veryfast"),
        bitrate=True,
        two_pass=True,
        fixed=("-threads", "1"),
        bitstream_filter=_LEFT["h264"],
    ),
    PictureEncoder(
        name="libx265",
        codec="hevc",
        pixel_formats=("yuv420p", "yuv420p10le", "yuv422p10le"),
        quality=Scale(("-crf",), 0, 51, 28),
        speed=Speeds(("-preset",), _CAREFUL, "fast"),
        bitrate=True,
        fixed=("-x265-params", "pools=none:frame-threads=1:info=0:log-level=error", "-tag:v", "hvc1"),
        bitstream_filter=_LEFT["hevc"],
    ),
    PictureEncoder(
        name="libsvtav1",
        codec="av1",
        pixel_formats=("yuv420p", "yuv420p10le"),
        quality=Scale(("-crf",), 1, 63, 35),
        speed=Speeds(("-preset",), _NUMBERED, "8"),
        fixed=("-svtav1-params", "lp=1"),
        bitstream_filter=_LEFT["av1"],
    ),
    PictureEncoder(
        name="libaom-av1",
        codec="av1",
        pixel_formats=("yuv420p", "yuv420p10le"),
        quality=Scale(("-b:v", "0", "-crf"), 1, 63, 35),
        speed=Speeds(("-cpu-used",), _NUMBERED, "8"),
        fixed=("-row-mt", "0", "-threads", "1"),
        bitstream_filter=_LEFT["av1"],
    ),
    PictureEncoder(
        name="libvpx-vp9",
        codec="vp9",
        pixel_formats=("yuv420p", "yuv422p", "yuv444p"),
        quality=Scale(("-b:v", "0", "-crf"), 0, 63, 32),
        speed=Speeds(("-deadline", "good", "-cpu-used"), _NUMBERED, "4"),
        bitrate=True,
        two_pass=True,
        fixed=("-row-mt", "0", "-threads", "1"),
    ),
    PictureEncoder(
        name="prores_ks",
        codec="prores",
        pixel_formats=("yuv422p10le", "yuv444p10le"),
        speed=Speeds(("-profile:v",), ("hq", "standard", "lt", "proxy"), "hq"),
        fixed=("-vendor", "apl0", "-threads", "1"),
        muxer="mov",
    ),
    PictureEncoder(
        name="ffv1",
        codec="ffv1",
        pixel_formats=("yuv420p", "yuv422p10le"),
        fixed=("-level", "3", "-g", "1", "-slices", "4", "-slicecrc", "1", "-threads", "1"),
        muxer="mov",
    ),
    PictureEncoder(name="gif", codec="gif", pixel_formats=("rgb8",), colours="rgb", muxer="gif"),
    PictureEncoder(
        name="png",
        codec="png",
        pixel_formats=("rgb24",),
        colours="rgb",
        fixed=("-pred", "mixed", "-threads", "1"),
        muxer="mov",
    ),
    PictureEncoder(
        name="mjpeg",
        codec="jpeg",
        pixel_formats=("yuvj420p",),
        colours="jpeg",
        quality=Scale(("-q:v",), 1, 31, 3),
        fixed=("-threads", "1"),
        muxer="mov",
    ),
)


def _hardware(family: str, quality: Scale | None, colours: Colours, *device: str) -> tuple[PictureEncoder, ...]:
    """A maker's encoders of H.264 and HEVC; both take what FFmpeg has in memory unless they need a surface."""
    codecs: tuple[PictureCodec, PictureCodec] = ("h264", "hevc")
    return tuple(
        PictureEncoder(
            name=f"{codec}_{family}",
            codec=codec,
            pixel_formats=("yuv420p",),
            quality=quality,
            bitrate=True,
            hardware=True,
            fixed=() if codec == "h264" else ("-tag:v", "hvc1"),
            device=device,
            bitstream_filter=_LEFT[codec],
            colours=colours,
        )
        for codec in codecs
    )


HARDWARE: tuple[PictureEncoder, ...] = (
    *_hardware("nvenc", Scale(("-rc", "constqp", "-qp"), 0, 51, 23), "film"),
    *_hardware("qsv", Scale(("-global_quality",), 1, 51, 23), "film"),
    *_hardware(
        "vaapi", Scale(("-qp",), 1, 51, 23), "surface", "-init_hw_device", "vaapi=card", "-filter_hw_device", "card"
    ),
    *_hardware("videotoolbox", Scale(("-q:v",), 0, 51, 23, top=100), "film"),
)

PICTURE = HARDWARE + SOFTWARE

SOUND: tuple[SoundEncoder, ...] = (
    # this quality takes 220 to 270 kb/s of music and speech, and is nowhere below 192 kb/s constant
    SoundEncoder(name="aac", codec="aac", muxer="mp4", suffix=".m4a", bitrates=(64, 128, 320), fixed=("-q:a", "2")),
    SoundEncoder(name="libopus", codec="opus", muxer="opus", suffix=".opus", bitrates=(32, 128, 510), rates=(48_000,)),
    SoundEncoder(name="libmp3lame", codec="mp3", muxer="mp3", suffix=".mp3", bitrates=(64, 192, 320), rates=_MP3_RATES),
    SoundEncoder(name="flac", codec="flac", muxer="flac", suffix=".flac", fixed=("-sample_fmt", "s32")),
    SoundEncoder(name="alac", codec="alac", muxer="mp4", suffix=".m4a", fixed=("-sample_fmt", "s32p")),
    SoundEncoder(name="pcm_s16le", codec="pcm_s16", muxer="wav", suffix=".wav"),
    SoundEncoder(name="pcm_s24le", codec="pcm_s24", muxer="wav", suffix=".wav"),
)


def picture_encoders(codec: PictureCodec, *, hardware: bool) -> list[PictureEncoder]:
    """Those of a codec, in the order in which they are tried."""
    among = PICTURE if hardware else SOFTWARE
    return [encoder for encoder in among if encoder.codec == codec]


def sound_encoder(codec: SoundCodec) -> SoundEncoder:
    """The one of a codec."""
    return next(encoder for encoder in SOUND if encoder.codec == codec)
