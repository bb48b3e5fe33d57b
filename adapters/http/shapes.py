"""Documents that the Rust core writes, as OpenAPI describes them. Times are decimal seconds, amounts decimals."""

from decimal import Decimal
from typing import Any

import msgspec

from domain.render.events import Tried
from domain.render.formats.format import Settings
from domain.timeline.events import Align, Crossfade, EasingName, Fit, MediaKind, TrackKind


class OutputDocument(msgspec.Struct):
    """Format of the film. ``fps`` is a whole number or a fraction such as "30000/1001"."""

    width: int
    height: int
    fps: int | str
    sample_rate: int
    background: str


class KeyDocument(msgspec.Struct):
    """A value at a time, and the way to the next: an easing's name, or four control values of a cubic Bézier."""

    t: Decimal
    value: Decimal
    easing: EasingName | tuple[Decimal, Decimal, Decimal, Decimal]


class EffectDocument(msgspec.Struct):
    """An effect. ``start`` is relative to its clip; without ``duration`` it works to the end."""

    id: str
    type: str
    params: dict[str, Any]
    start: Decimal
    duration: Decimal | None
    keyframes: dict[str, list[KeyDocument]]


class BoxDocument(msgspec.Struct):
    """The part of the canvas that a clip fills, as fractions of it, turned by degrees clockwise."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal
    rotation: Decimal
    opacity: Decimal


class ClipDocument(msgspec.Struct):
    """Part of a source on a track; frames are the project's. It moves with the other clips of its ``group``."""

    id: str
    track: str
    source: str
    kind: MediaKind
    in_point: Decimal
    out_point: Decimal
    timeline_start: Decimal
    timeline_end: Decimal
    start_frame: int
    end_frame: int
    volume: Decimal
    fade_in: Decimal
    fade_out: Decimal
    fit: Fit
    transform: BoxDocument
    keyframes: dict[str, list[KeyDocument]]
    group: str | None
    effects: list[EffectDocument]


class TrackDocument(msgspec.Struct):
    """A track with its clips in time."""

    id: str
    type: TrackKind
    name: str
    volume: Decimal
    muted: bool
    hidden: bool
    locked: bool
    clips: list[ClipDocument]


class TransitionDocument(msgspec.Struct, rename={"from_": "from"}):
    """A transition; frames are the project's."""

    id: str
    from_: str
    to: str
    type: str
    params: dict[str, Any]
    duration: Decimal
    align: Align
    sound: Crossfade
    timeline_start: Decimal
    timeline_end: Decimal
    start_frame: int
    end_frame: int


class ProjectDocument(msgspec.Struct):
    """A project at a version: tracks bottom to top, length in seconds and in frames."""

    id: str
    created_at: str
    modified_at: str
    version: int
    name: str
    output: OutputDocument
    tracks: list[TrackDocument]
    transitions: list[TransitionDocument]
    global_effects: list[EffectDocument]
    duration: Decimal
    frames: int


class RenderUnits(msgspec.Struct):
    """A render's units: all, those that were there before, those that are there now."""

    total: int
    reused: int
    done: int


class RenderFault(msgspec.Struct):
    """Why a render failed, and what to try; ``unit`` is the key of the unit at fault."""

    code: str
    title: str
    detail: str
    suggestion: str
    unit: str | None


class RenderRange(msgspec.Struct):
    """A part of a film, in seconds; to its end without one."""

    start: Decimal
    end: Decimal | None


class RenderJob(msgspec.Struct):
    """A render. ``progress`` is from 0 to 1. ``encoders`` were tried for its picture; the last one makes it."""

    job_id: str
    kind: str
    status: str
    progress: float
    eta_seconds: float | None
    project_id: str
    version: int
    preset: str
    settings: Settings | None
    range: RenderRange | None
    encoders: list[Tried]
    units: RenderUnits
    output_path: str
    manifest_path: str | None
    error: RenderFault | None
    created_at: str
    started_at: str | None
    completed_at: str | None
