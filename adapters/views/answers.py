"""What the views answer with, as the API shows it. Times are RFC 3339 in UTC, durations decimal seconds."""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from domain.errors import RULES
from domain.time import to_seconds
from projections.telling import told
from projections.times import utc

JobStatus = Literal["queued", "running", "completed", "failed", "cancelled"]


class ProjectEntry(msgspec.Struct, frozen=True):
    """A project in the list; ``clips`` is how many it has."""

    id: str
    name: str
    version: int
    created_at: str
    modified_at: str
    duration: Decimal
    frames: int
    clips: int


class AuditEntry(msgspec.Struct, frozen=True):
    """A fact: who, when, because of which request, and what it says: in words, and as JSON in stored units."""

    position: int
    stream: str
    version: int
    type: str
    actor: str
    correlation_id: str
    edit_id: str
    time: str
    summary: str
    detail: msgspec.Raw


class AuditFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Which facts: all that fit everything that is given.

    ``type`` is a tag, with its version or without. ``since_us`` and ``until_us`` are UTC in microseconds, half-open.
    """

    actor: str | None = None
    stream: str | None = None
    type: str | None = None
    correlation_id: str | None = None
    edit_id: str | None = None
    since_us: int | None = None
    until_us: int | None = None


class JobUnits(msgspec.Struct, frozen=True):
    """A render's units: all, those that were there before, those that are there now."""

    total: int
    reused: int
    done: int


class JobProblem(msgspec.Struct, frozen=True):
    """Why a job failed, and what to try."""

    code: str
    title: str
    detail: str
    suggestion: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A render. ``progress``, 0 to 1, is by finished units: how far the others are, only their executors know."""

    job_id: str
    kind: Literal["render"]
    status: JobStatus
    progress: float
    project_id: str
    version: int
    preset: str
    units: JobUnits
    output_path: str
    manifest_path: str | None
    plan_hash: str | None
    frames: int | None
    sha256: str | None
    size: int | None
    error: JobProblem | None
    created_at: str
    started_at: str | None
    completed_at: str | None


def project_entry(row: tuple[Any, ...]) -> ProjectEntry:
    """From the columns of ``queries.PROJECT``."""
    project, name, version, created_us, modified_us, duration, frames, clips = row
    times = (utc(created_us), utc(modified_us), to_seconds(duration))
    return ProjectEntry(project, name, version, *times, frames, clips)


def audit_entry(row: tuple[Any, ...]) -> AuditEntry:
    """From the columns of ``queries.ENTRY``."""
    position, stream, version, tag, actor, correlation_id, edit_id, time_us, payload = row
    who = (actor, correlation_id, edit_id)
    summary, detail = told(tag, payload)
    return AuditEntry(position, stream, version, tag, *who, utc(time_us), summary, msgspec.Raw(detail))


def job(row: tuple[Any, ...]) -> Job:
    """From the columns of ``queries.JOB``."""
    (name, project, version, preset, status, output_path, plan_hash, frames, manifest_path, sha256, size) = row[:11]
    (code, detail, created_us, started_us, completed_us, total, reused, done, weight, done_weight) = row[11:]
    return Job(
        job_id=name,
        kind="render",
        status=status,
        progress=1.0 if status == "completed" else round(done_weight / weight, 4) if weight else 0.0,
        project_id=project,
        version=version,
        preset=preset,
        units=JobUnits(total, reused, done),
        output_path=output_path,
        manifest_path=manifest_path,
        plan_hash=plan_hash,
        frames=frames,
        sha256=sha256,
        size=size,
        error=_problem(code, detail) if code else None,
        created_at=utc(created_us),
        started_at=utc(started_us) if started_us else None,
        completed_at=utc(completed_us) if completed_us else None,
    )


def _problem(code: str, detail: str) -> JobProblem:
    rule = RULES.get(code) or RULES["internal_error"]  # a log may be older or newer than the table
    return JobProblem(code, rule.title, detail, rule.suggestion)
