"""Render jobs: what was asked for, how many of its units are there, how it ended."""

from domain.render.events import (
    PlannedUnit,
    RenderCancelled,
    RenderCompleted,
    RenderFailed,
    RenderPlanned,
    RenderRequested,
    UnitFailed,
    UnitRendered,
    decode,
)
from projections.projection import Batch, EachFact, Projection, Record, Rows, select

STREAM = "render-"

SCHEMA = """
CREATE TABLE jobs (
    requested_position INTEGER PRIMARY KEY,
    job TEXT NOT NULL UNIQUE,
    project TEXT NOT NULL,
    version INTEGER NOT NULL,
    preset TEXT NOT NULL,
    status TEXT NOT NULL,
    output_path TEXT NOT NULL,
    plan_hash TEXT,
    frames INTEGER,
    manifest_path TEXT,
    sha256 TEXT,
    size INTEGER,
    error_code TEXT,
    error_detail TEXT,
    created_us INTEGER NOT NULL,
    started_us INTEGER,
    completed_us INTEGER
) STRICT;
CREATE TABLE units (
    job TEXT NOT NULL,
    unit TEXT NOT NULL,
    weight INTEGER NOT NULL,
    done INTEGER NOT NULL,
    reused INTEGER NOT NULL,
    PRIMARY KEY (job, unit)
) STRICT, WITHOUT ROWID;
"""

DUMP = {
    "jobs": select("SELECT * FROM jobs ORDER BY job"),
    "units": select("SELECT job, unit, weight, done, reused FROM units ORDER BY job, unit"),
}

_REQUESTED = """
INSERT INTO jobs (requested_position, job, project, version, preset, status, output_path, created_us)
VALUES (?, ?, ?, ?, ?, 'queued', ?, ?)
"""
_PLANNED = """
UPDATE jobs SET status = 'running', plan_hash = ?, frames = ?, started_us = coalesce(started_us, ?) WHERE job = ?
"""
_COMPLETED = """
UPDATE jobs SET status = 'completed', output_path = ?, manifest_path = ?, sha256 = ?, size = ?, frames = ?,
completed_us = ? WHERE job = ?
"""
_FAILED = "UPDATE jobs SET status = 'failed', error_code = ?, error_detail = ?, completed_us = ? WHERE job = ?"
_CANCELLED = "UPDATE jobs SET status = 'cancelled', completed_us = ? WHERE job = ?"
_UNIT_DONE = "UPDATE units SET done = 1, reused = ? WHERE job = ? AND unit = ?"
_UNIT_FAILED = "UPDATE units SET done = 0, reused = 0 WHERE job = ? AND unit = ?"

_THERE = "SELECT 1 FROM jobs WHERE job = ?"

LaterFact = RenderPlanned | UnitRendered | UnitFailed | RenderCompleted | RenderFailed | RenderCancelled


def take(rows: Rows, record: Record) -> None:
    """One fact of a job."""
    if not record.stream.startswith(STREAM):
        return
    job, now = record.stream.removeprefix(STREAM), record.time_us
    fact = decode(record.fact)
    if isinstance(fact, RenderRequested):
        wanted = (fact.project, fact.version, fact.preset, fact.output_path)
        rows.execute(_REQUESTED, (record.position, job, *wanted, now))
    elif not list(rows.execute(_THERE, (job,))):
        raise ValueError("The view has no such job: its request was not digested")
    else:
        _take_later(rows, job, fact, now)


def _take_later(rows: Rows, job: str, fact: LaterFact, now: int) -> None:
    match fact:
        case RenderPlanned() as plan:
            rows.execute(_PLANNED, (plan.plan_hash, plan.frames, now, job))
            _replace_units(rows, job, plan.units)
        case UnitRendered(unit=unit, reused=reused):
            rows.execute(_UNIT_DONE, (int(reused), job, unit))
        case UnitFailed(unit=unit):
            rows.execute(_UNIT_FAILED, (job, unit))
        case RenderCompleted() as film:
            paths = (film.output_path, film.manifest_path)
            rows.execute(_COMPLETED, (*paths, film.sha256, film.size, film.frames, now, job))
        case RenderFailed(code=code, detail=detail):
            rows.execute(_FAILED, (code, detail, now, job))
        case RenderCancelled():
            rows.execute(_CANCELLED, (now, job))


def _replace_units(rows: Rows, job: str, units: list[PlannedUnit]) -> None:
    """A plan's units take the place of the ones before."""
    rows.execute("DELETE FROM units WHERE job = ?", (job,))
    for unit in units:
        there = int(unit.reused)
        rows.execute("INSERT INTO units VALUES (?, ?, ?, ?, ?)", (job, unit.key, unit.weight, there, there))


def projection() -> Projection:
    """The projection."""

    def begin(rows: Rows) -> Batch:
        return EachFact(rows, take)

    return Projection("renders", 2, SCHEMA, begin, DUMP)
