"""The facts of a render. Names, tags and fields here are the storage format: add, never edit.

A render's stream is ``render-<job>``. When something happened is in the log's records; how far a unit has come is no
fact. ``attempt`` counts from 1 for each unit and fences: an outcome of an older attempt never becomes a fact.
"""

import msgspec

from domain.render.formats.format import Settings
from domain.render.plan import Range, UnitKind
from domain.timeline.events import Shape


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """Base of every fact of a render."""


class RenderRequested(Fact, frozen=True, tag="render_requested.1"):
    """Somebody wants a project, as it was at a version, or a ``range`` of it, as a file or a folder.

    ``output_path`` is absolute; ``settings`` lie over those of the preset.
    """

    job: str
    project: str
    version: int
    preset: str
    output_path: str
    settings: Settings | None = None
    range: Range | None = None


class PlannedUnit(Shape, frozen=True):
    """A unit of the plan; ``reused`` when its result was there already."""

    key: str
    kind: UnitKind
    weight: int
    reused: bool


class Tried(Shape, frozen=True):
    """An encoder that was tried on a frame, and why it was not taken; without a ``fault`` it was."""

    encoder: str
    fault: str | None = None


class RenderPlanned(Fact, frozen=True, tag="render_planned.1"):
    """Work on it began, with this plan. A later one (after an upgrade of FFmpeg, say) replaces it.

    ``encoders`` are those that were tried for the picture, in order; the last is the one that makes it.
    """

    plan_hash: str
    frames: int
    units: list[PlannedUnit]
    encoders: list[Tried] = []


class UnitRendered(Fact, frozen=True, tag="unit_rendered.1"):
    """A unit's result is in the segment store. ``reused``: another render had made it meanwhile."""

    unit: str
    attempt: int
    executor: str
    sha256: str
    size: int
    cpu_ms: int
    reused: bool


class UnitFailed(Fact, frozen=True, tag="unit_failed.1"):
    """An attempt at a unit gave nothing, or its result was lost again. ``code`` is one of ``domain.errors.RULES``."""

    unit: str
    attempt: int
    executor: str
    code: str
    detail: str


class RenderCompleted(Fact, frozen=True, tag="render_completed.1"):
    """The film and its manifest are in place, probed and synced. ``duration`` in flicks, ``size`` in bytes."""

    output_path: str
    manifest_path: str
    sha256: str
    size: int
    frames: int
    duration: int


class RenderFailed(Fact, frozen=True, tag="render_failed.1"):
    """It ended without a film. ``unit`` is the unit at fault, where one is."""

    code: str
    detail: str
    unit: str | None = None


class RenderCancelled(Fact, frozen=True, tag="render_cancelled.1"):
    """It was ended on request."""


RenderFact = (
    RenderRequested | RenderPlanned | UnitRendered | UnitFailed | RenderCompleted | RenderFailed | RenderCancelled
)


_DECODER: msgspec.msgpack.Decoder[RenderFact] = msgspec.msgpack.Decoder(RenderFact)


def decode(payload: bytes) -> RenderFact:
    """A stored fact; raises msgspec.ValidationError when it is none of these."""
    return _DECODER.decode(payload)
