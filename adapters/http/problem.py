"""Refusals as RFC 9457 problem documents: the one place that gives kinds their HTTP status."""

from typing import Any

import msgspec
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from adapters.app.asking import encoded
from domain.errors import RULES, Kind, Refused
from domain.timeline.again import Outcome
from domain.timeline.rebase import Change
from projections.telling import sentence

STATUS: dict[Kind, int] = {
    "malformed": 400,
    "missing": 404,
    "method": 405,
    "conflict": 409,
    "stale": 412,
    "too_large": 413,
    "unsupported": 415,
    "rule": 422,
    "busy": 429,
    "broken": 500,
    "unavailable": 503,
    "full": 507,
}
MEDIA_TYPE = "application/problem+json"
LONGEST_DETAIL = 400


class FieldError(msgspec.Struct):
    """One field at fault."""

    path: str | None
    code: str
    message: str


class Came(Change, frozen=True):
    """The same with ``text`` for people: times in seconds, gains as factors."""

    text: str


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """Why a request was refused. It changed nothing.

    ``conflicts`` are edits in the way, ``facts`` what they changed, ``current`` the things concerned as they are now.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    suggestion: str
    correlation_id: str
    errors: list[FieldError]
    ids: list[str] = []
    conflicts: list[str] = []
    current_version: int | None = None
    failing_op: int | None = None
    facts: list[Came] = []
    current: dict[str, Any] = {}
    suggested_ops: list[dict[str, Any]] | None = None
    replayed: list[Outcome] = []


def document(refused: Refused, correlation_id: str) -> Problem:
    """The problem document of a refusal."""
    rule = RULES[refused.code]
    detail = refused.message if len(refused.message) <= LONGEST_DETAIL else refused.message[:LONGEST_DETAIL] + "…"
    return Problem(
        type=f"urn:stoat:problem:{refused.code}",
        title=rule.title,
        status=STATUS[rule.kind],
        detail=detail,
        code=refused.code,
        suggestion=rule.suggestion,
        correlation_id=correlation_id,
        errors=[FieldError(refused.path, refused.code, detail)],
        ids=refused.ids,
        conflicts=refused.ids if rule.kind == "conflict" else [],
        current_version=refused.extra.get("current_version"),
        failing_op=refused.extra.get("failing_op"),
        facts=[_came(change) for change in refused.extra.get("facts", [])],
        current=refused.extra.get("current", {}),
        suggested_ops=refused.extra.get("suggested_ops"),
        replayed=refused.extra.get("replayed", []),
    )


def _came(change: Change) -> Came:
    fields = {name: value for name, value in change.fact.items() if name != "type"}
    return Came(change.version, change.edit_id, change.actor, change.fact, sentence(change.fact["type"], fields))


def response(refused: Refused) -> Response:
    """The answer to a refused request."""
    problem = document(refused, str(get_contextvars().get("correlation_id", "")))
    headers: dict[str, str] = {}
    if "allow" in refused.extra:
        headers["Allow"] = str(refused.extra["allow"])
    if problem.status in (429, 503):
        headers["Retry-After"] = "1"
    return Response(encoded(problem), problem.status, headers, MEDIA_TYPE)
