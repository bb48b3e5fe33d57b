"""Asking the views. Every answer is one state of one view; lists are in the order in which things first came up."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec

from adapters.views.answers import AuditEntry, AuditFilter, Job, ProjectEntry, audit_entry, job, project_entry
from adapters.views.matching import match
from adapters.views.paging import Hit, Page, Place, after, checked_limit, page
from adapters.views.reading import Reader
from domain.errors import Refused
from projections.catalogue import projections
from projections.video import Video

_T = TypeVar("_T")
LAST = 2**62

PROJECT = "project, name, version, created_us, modified_us, duration, frames, clips, deleted"
ENTRY = "position, stream, version, tag, actor, correlation_id, edit_id, time_us, summary, detail"
JOB = """job, project, version, preset, status, output_path, plan_hash, frames, manifest_path, sha256, size,
error_code, error_detail, created_us, started_us, completed_us, total, reused, done, weight, done_weight"""

_JOBS = """
SELECT * FROM jobs JOIN (
    SELECT job AS of, count(*) AS total, sum(reused) AS reused, sum(done) AS done, sum(weight) AS weight,
    sum(weight * done) AS done_weight FROM units GROUP BY job
)
"""
