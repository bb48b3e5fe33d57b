"""A render as people are told of it: the job of the interface description."""

from typing import Literal

import msgspec

from adapters.eventstore.edits import Record
from domain.errors import RULES
from domain.render.events import RenderCancelled, RenderCompleted, RenderFailed, Tried
from domain.render.formats.format import Settings
from domain.render.plan import Range
from domain.render.progress import WHOLE
from domain.render.state import RenderState

Status = Literal["queued", "running", "completed", "failed", "cancelled"]


class Units(msgspec.Struct, frozen=True):
    """How many units the film is made of, had been there before, and are there now."""

    total: int
    reused: int
    done: int


class Fault(msgspec.Struct, frozen=True):
    """Why a render failed, in the words of problem documents; ``unit`` is the key of the unit at fault."""

    code: str
    title: str
    detail: str
    suggestion: str
    unit: str | None


class Job(msgspec.Struct, frozen=True):
    """A render. ``progress`` is a fraction with six decimals; the times are UTC microseconds, the range in flicks.

    ``encoders`` were tried for its picture, in order; the last one makes it.
    """

    job_id: str
    kind: Literal["render"]
    status: Status
    progress: float
    eta_seconds: float | None
    project_id: str
    version: int
    preset: str
    settings: Settings | None
    range: Range | None
    encoders: list[Tried]
    units: Units
    output_path: str
    manifest_path: str | None
    error: Fault | None
    created_us: int
    started_us: int | None
    completed_us: int | None


def describe(state: RenderState, records: list[Record], done: int, remaining_ms: int | None) -> Job:
    """The job that these facts tell of; ``done`` in millionths. ValueError when it was never requested."""
    if state.request is None:
        raise ValueError("no such render")
    wanted, status = state.request, _status(state)
    planned = [record.time_us for record in records if record.tag == "render_planned.1"]
    film = state.ending if isinstance(state.ending, RenderCompleted) else None
    return Job(
        job_id=wanted.job,
        kind="render",
        status=status,
        progress=done / WHOLE,
        eta_seconds=None if remaining_ms is None or state.ending else round(remaining_ms / 1000, 1),
        project_id=wanted.project,
        version=wanted.version,
        preset=wanted.preset,
        settings=wanted.settings,
        range=wanted.range,
        encoders=state.plan.encoders if state.plan else [],
        units=Units(len(state.plan.units) if state.plan else 0, len(state.reused), len(state.done)),
        output_path=wanted.output_path,
        manifest_path=film.manifest_path if film else None,
        error=_fault(state.ending) if isinstance(state.ending, RenderFailed) else None,
        created_us=records[0].time_us,
        started_us=planned[0] if planned else None,
        completed_us=records[-1].time_us if state.ending else None,
    )


def _status(state: RenderState) -> Status:
    match state.ending:
        case None:
            return "running" if state.plan else "queued"
        case RenderCompleted():
            return "completed"
        case RenderFailed():
            return "failed"
        case RenderCancelled():
            return "cancelled"


def _fault(ending: RenderFailed) -> Fault:
    rule = RULES.get(ending.code, RULES["render_failed"])  # an older log may know codes that are gone
    return Fault(ending.code, rule.title, ending.detail, rule.suggestion, ending.unit)
