"""What every source is made of: rate, size, pixel shape, codec, container, and what is awkward about it."""

from dataclasses import dataclass
from fractions import Fraction

FILM = Fraction(24_000, 1001)
NTSC = Fraction(30_000, 1001)
H264 = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p")
LONG_GOP = (*H264, "-g", "250", "-keyint_min", "250", "-bf", "3", "-sc_threshold", "0")
SHORT_GOP = (*H264, "-g", "12")
AAC = ("-c:a", "aac", "-b:a", "192k", "-aac_pns", "0", "-aac_is", "0")  # keeps noise as it is
PCM = ("-c:a", "pcm_s16le")


@dataclass(frozen=True)
class Sound:
    """The sound of a source; ``input`` goes before its ``-i``."""

    rate: int = 48_000
    channels: int = 2
    encoder: tuple[str, ...] = AAC
    input: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """How a source is made. ``frames`` 0 is sound alone; ``turned`` is stored lying down, to be shown upright."""

    name: str
    number: int
    lane: int
    rate: Fraction = Fraction(30)
    frames: int = 0
    size: tuple[int, int] = (320, 180)
    sar: Fraction = Fraction(1)
    suffix: str = ".mp4"
    encoder: tuple[str, ...] = LONG_GOP
    sound: Sound | None = None
    muxer: tuple[str, ...] = ()
    picture_input: tuple[str, ...] = ()
    turned: bool = False
    still: bool = False

    @property
    def blur(self) -> Fraction:
        """How far a frame's stamp may be from its true time: half a tick of Matroska's coarse clock."""
        return Fraction(1, 2_000) if self.suffix == ".mkv" else Fraction(0)


def uneven(frame: int) -> int:
    """When a frame of the source ``phone`` appears, in 1/90,000 s: jitter of up to half a frame and one long pause."""
    return frame * 3_000 + frame * frame * 131 % 1_500 + (27_000 if frame >= 40 else 0)


_UNEVEN = r"settb=1/90000,setpts=N*3000+mod(N*N*131\,1500)+gte(N\,40)*27000"
_VFR = ("-vf", _UNEVEN, "-fps_mode", "passthrough", "-enc_time_base", "1:90000")
_TALL_PIXELS = ("-vf", "setsar=10/11")

_ALL = (
    Recipe("film", 1, 0, FILM, 96, sound=Sound()),
    Recipe("pal", 2, 1, Fraction(25), 100, (256, 192), sound=Sound(44_100)),
    Recipe("ntsc", 3, 2, NTSC, 120, (352, 240), Fraction(10, 11), encoder=(*LONG_GOP, *_TALL_PIXELS), sound=Sound()),
    Recipe("web", 4, 3, Fraction(30), 120, suffix=".mov", sound=Sound(encoder=PCM)),
    Recipe("sport", 5, 0, Fraction(50), 200, sound=Sound(channels=1)),
    Recipe("game", 6, 1, Fraction(60), 240, (400, 224), encoder=SHORT_GOP, sound=Sound()),
    Recipe("silent", 7, 2, Fraction(25), 100),
    Recipe(
        "phone", 8, 3, frames=110, encoder=(*LONG_GOP, *_VFR), muxer=("-video_track_timescale", "90000"), sound=Sound()
    ),
    Recipe("late", 9, 0, Fraction(25), 100, suffix=".mkv", sound=Sound(), muxer=("-output_ts_offset", "2.5")),
    Recipe(
        "disc",
        10,
        1,
        Fraction(25),
        100,
        (352, 288),
        Fraction(12, 11),
        ".mpg",
        ("-c:v", "mpeg2video", "-q:v", "4", "-g", "15", "-bf", "2", "-aspect", "4:3", "-pix_fmt", "yuv420p"),
        Sound(encoder=("-c:a", "mp2", "-b:a", "224k")),
        ("-f", "mpeg"),
    ),
    Recipe(
        "lagging",
        11,
        2,
        Fraction(30),
        120,
        encoder=(*LONG_GOP, "-fps_mode", "passthrough"),
        sound=Sound(),
        picture_input=("-itsoffset", "0.4"),
    ),
    Recipe("early", 12, 3, Fraction(30), 120, sound=Sound(encoder=PCM, input=("-itsoffset", "0.25")), suffix=".mkv"),
    Recipe("upright", 13, 0, Fraction(30), 120, turned=True, sound=Sound()),
    Recipe("broadcast", 14, 2, NTSC, 120, suffix=".ts", sound=Sound()),
    Recipe("voice", 15, 0, suffix=".wav", sound=Sound(44_100, 1, PCM)),
    Recipe("music", 16, 0, suffix=".m4a", sound=Sound()),
    Recipe("photo", 17, 1, frames=1, size=(400, 300), suffix=".png", encoder=("-c:v", "png"), still=True),
    Recipe("marathon", 18, 3, NTSC, 270),
)
RECIPES = {recipe.name: recipe for recipe in _ALL}
