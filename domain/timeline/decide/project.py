"""Decisions about a project as a whole: it begins, its format, its name, its end."""

import re
from math import gcd

from msgspec import UNSET
from msgspec.structs import replace

from domain.errors import Refused
from domain.time import FLICKS_PER_SECOND, FrameRate
from domain.timeline.commands import ProjectOp, RenameProject, SetOutput
from domain.timeline.decide.fields import said
from domain.timeline.events import Output, OutputSet, ProjectCreated, ProjectDeleted, ProjectRenamed, Rate, TimelineFact
from domain.timeline.state import State, shown
from rust_core import Project

DEFAULT_OUTPUT = Output(width=1920, height=1080, fps=Rate(30, 1), sample_rate=48_000, background="#000000")

LARGEST = 1 << 24  # of any number of the format; the core has narrower limits, and names them
_FRACTION = re.compile(r"(\d{1,9})(?:/(\d{1,9}))?\Z", re.ASCII)


def decide(op: ProjectOp, state: State) -> list[TimelineFact]:
    """The facts of an op on the project."""
    match op:
        case SetOutput():
            output = with_output(state.output, op)
            return [OutputSet(output)] if output != state.output else []
        case RenameProject():
            return [ProjectRenamed(named(op.name))] if op.name != state.project.name else []


def create(name: str, output: SetOutput) -> list[TimelineFact]:
    """A project begins; what ``output`` leaves out is Full HD, 30 frames a second, 48 kHz, black."""
    return [ProjectCreated(named(name), with_output(DEFAULT_OUTPUT, output))]


def named(name: str) -> str:
    """A project's name: something that can be seen."""
    if not name.strip():
        raise Refused("invalid_field", "A project needs a name", "name")
    return name


def delete(project: Project) -> list[TimelineFact]:
    """A project ends; asked twice, nothing new happens."""
    return [ProjectDeleted()] if project.exists else []


def with_output(before: Output, op: SetOutput) -> Output:
    """The format with the fields that the op names."""
    for name in ("width", "height", "sample_rate"):
        if isinstance(value := getattr(op, name), int) and not 0 < value < LARGEST:
            raise Refused("out_of_range", f"{name} must be between 1 and {LARGEST}", name)
    rate = UNSET if op.fps is UNSET else frame_rate(op.fps)
    fields = said(width=op.width, height=op.height, fps=rate, sample_rate=op.sample_rate, background=op.background)
    return replace(before, **fields)


def frame_rate(value: FrameRate) -> Rate:
    """30, "30" or "30000/1001" as a fraction in lowest terms: 1 to 240 frames, each a whole number of flicks."""
    parts = _FRACTION.match(value)
    num, den = (int(parts[1]), int(parts[2] or 1)) if parts else (0, 1)
    if den == 0 or not den <= num <= 240 * den or FLICKS_PER_SECOND * den % num:
        raise Refused("rate_unsupported", f"{shown(value)} is not a frame rate that a timeline can have", "fps")
    divisor = gcd(num, den)
    return Rate(num // divisor, den // divisor)
