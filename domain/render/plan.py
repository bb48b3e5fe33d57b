"""The render plan as the Rust core makes it (``rust_core/src/plan``): what to run, and what each run must give.

A unit is one FFmpeg process with one result, named by its key: a hash of everything that determines its bytes. The
executor runs a unit in a folder of its own, which is FFmpeg's working directory and holds, under fixed names:

- every file of ``files``, by its name there;
- every font of ``fonts`` as ``<sha256>.font`` (for ``fontfile=``).

``argv`` starts after the program's name. The executor puts ``-hide_banner -nostdin -nostats -loglevel warning
-progress pipe:1 -n`` before it.
"""

from typing import Literal

import msgspec

from domain.timeline.events import Output, Shape

UnitKind = Literal["segment", "audio", "mix"]


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
    """One FFmpeg process. ``weight`` is its share of the work, in any unit that all units of a plan share."""

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
    """A film as units of work. ``segments`` and ``sound`` are in order and leave no gap; a silent film has no sound."""

    plan_hash: str
    frames: int
    samples: int
    output: Output
    segments: list[Segment]
    sound: list[Chunk]
    units: list[Unit]

    @property
    def pieces(self) -> list[str]:
        """The units that the film is joined from, picture first, each kind in order."""
        return [segment.key for segment in self.segments] + [chunk.key for chunk in self.sound]


class FfmpegBuild(Shape, frozen=True):
    """The FFmpeg that will run a plan. ``build`` tells builds apart that may give other bytes."""

    build: str
    script_option: Literal["-filter_complex_script", "-/filter_complex"]


class Request(Shape, frozen=True):
    """How a film is to be made: ``preset`` is draft, standard or high.

    ``fonts`` has the hash of the font file of every text effect, by effect id.
    """

    preset: str
    ffmpeg: FfmpegBuild
    fonts: dict[str, str]


def decode(plan: bytes) -> Plan:
    """The plan in the core's bytes; raises msgspec.ValidationError when they are not one."""
    return msgspec.msgpack.decode(plan, type=Plan)
