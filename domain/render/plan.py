"""The render plan as the Rust core makes it (``rust_core/src/plan``): what to run, and what each run must give.

A unit is one FFmpeg process with one result, named by its key: a hash of everything that determines its bytes. The
executor runs a unit in a folder of its own, which is FFmpeg's working directory and holds, under fixed names:

- every file of ``files``, by its name there;
- every font of ``fonts`` as ``<sha256>.font`` (for ``fontfile=``);
- every unit of ``needs`` as its key and suffix.

``argv`` starts after the program's name. The executor puts ``-hide_banner -nostdin -nostats -loglevel warning
-progress pipe:1 -n`` before it.
"""

from typing import Literal

import msgspec

from domain.timeline.events import Output, Shape

UnitKind = Literal["segment", "audio", "mix", "picture", "sound"]


class Slot(Shape, frozen=True, omit_defaults=True):
    """An argument that only the executor can fill in: exactly one field is set.

    ``media``, ``unit`` and ``out`` become absolute paths behind ``file:``, ``file`` a name in the working directory.
    """

    media: str | None = None
    unit: str | None = None
    file: str | None = None
    out: bool = False

    def __post_init__(self) -> None:
        """Two fillings, or none, mean nothing."""
        if [self.media is None, self.unit is None, self.file is None, not self.out].count(False) != 1:
            raise ValueError("a slot has exactly one filling")


Token = str | Slot


class Expect(Shape, frozen=True, omit_defaults=True):
    """What the result must be, to the frame and to the sample; None is not checked."""

    frames: int | None = None
    samples: int | None = None
    width: int | None = None
    height: int | None = None
    sample_rate: int | None = None
    channels: int | None = None


class Unit(Shape, frozen=True):
    """One FFmpeg process, or two where ``first`` has arguments of one before.

    ``weight`` is its share of the work, in any unit that all units of a plan share.
    """

    key: str
    kind: UnitKind
    suffix: str
    argv: list[Token]
    weight: int
    expect: Expect
    files: dict[str, str]
    needs: list[str]
    media: list[str]
    fonts: list[str]
    first: list[Token] = msgspec.field(default_factory=list)


class Segment(Shape, frozen=True):
    """A stretch of the film's picture: frames ``[start_frame, start_frame + frames)`` are the unit ``key``."""

    key: str
    start_frame: int
    frames: int


class Chunk(Shape, frozen=True):
    """A stretch of the film's sound: AAC packets ``[skip, skip + packets)`` of the unit ``key``."""

    key: str
    skip: int
    packets: int


class Plan(Shape, frozen=True):
    """A film as units of work. ``segments`` and ``sound`` are in order and leave no gap; a silent film has no sound.

    Where the picture is coded in one go, from the segments, ``whole_picture`` is the unit that does it; so is
    ``whole_sound``, beside which there is no ``sound``. ``lead`` are samples of the first chunk before the film's.
    """

    plan_hash: str
    frames: int
    samples: int
    output: Output
    segments: list[Segment]
    sound: list[Chunk]
    units: list[Unit]
    whole_picture: str | None = None
    whole_sound: str | None = None
    lead: int = 0

    @property
    def joined(self) -> list[str]:
        """The units that are joined by copy, picture first, each kind in order."""
        pictures = [] if self.whole_picture else [segment.key for segment in self.segments]
        return pictures + [chunk.key for chunk in self.sound]

    @property
    def wholes(self) -> list[str]:
        """The units that are all of the picture, or all of the sound."""
        return [key for key in (self.whole_picture, self.whole_sound) if key]

    @property
    def pieces(self) -> list[str]:
        """The units that the film is made from."""
        return [*self.joined, *self.wholes]


class FfmpegBuild(Shape, frozen=True):
    """The FFmpeg that will run a plan. ``build`` tells builds apart that may give other bytes."""

    build: str
    script_option: Literal["-filter_complex_script", "-/filter_complex"]


class Encoder(Shape, frozen=True):
    """Words for FFmpeg that say how something is coded and written; those of ``before`` come before the inputs."""

    argv: list[str]
    muxer: str
    suffix: str
    before: list[str] = msgspec.field(default_factory=list)
    bitstream_filter: str | None = None


class Whole(Shape, frozen=True):
    """How all of the picture is coded in one go, perhaps after a run that looks at it ``first``."""

    first: list[str]
    encoder: Encoder


class PictureCoding(Shape, frozen=True):
    """How the picture is coded: each piece of it, and all of it from the pieces where they can't be joined by copy.

    ``size`` is the width and height that are coded; the film's own without it.
    """

    colours: Literal["film", "rgb", "jpeg", "surface"]
    piece: Encoder
    whole: Whole | None = None
    size: tuple[int, int] | None = None


class SoundCoding(Shape, frozen=True):
    """How the sound is coded: in chunks of AAC that are joined, or as a ``whole``."""

    encoder: Encoder
    whole: bool


class Range(Shape, frozen=True):
    """A part of the film, in flicks, to its end without one; or, if ``still``, only the frame that is there."""

    start: int
    end: int | None = None
    still: bool = False


class Request(Shape, frozen=True):
    """How a film is to be made; a film without picture is only heard, one without sound only seen.

    ``fonts`` has the hash of the font file of every text effect, by effect id.
    """

    picture: PictureCoding | None
    sound: SoundCoding | None
    ffmpeg: FfmpegBuild
    fonts: dict[str, str]
    range: Range | None = None


def decode(plan: bytes) -> Plan:
    """The plan in the core's bytes; raises msgspec.ValidationError when they are not one."""
    return msgspec.msgpack.decode(plan, type=Plan)
