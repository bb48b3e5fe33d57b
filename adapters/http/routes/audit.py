"""``/audit``: who did what, and whether the log proves itself."""

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Cursor, Limit
from adapters.http.reading import query_as
from adapters.http.times import microseconds
from adapters.http.writing import json
from adapters.views.answers import AuditEntry, AuditFilter
from adapters.views.paging import Page


class AuditQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which facts: all that fit everything given. Times are ISO 8601; ``until`` is exclusive."""

    limit: Limit = 100
    cursor: Cursor | None = None
    actor: str | None = None
    stream: str | None = None
    type: str | None = None
    correlation_id: str | None = None
    edit_id: str | None = None
    since: str | None = None
    until: str | None = None


class Proof(msgspec.Struct, frozen=True):
    """What was proved: the chain holds for ``events`` facts of ``edits`` edits up to ``position``."""

    ok: bool
    events: int
    edits: int
    position: int
    chain: str
    fault: str | None
    fault_position: int | None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["audit"], prefix=BASE)

    @routes.get("/audit", **describes(query=AuditQuery, answer=Page[AuditEntry]))
    async def listed(request: Request) -> Response:
        """Facts with who, when and because of which request, newest first."""
        wanted = query_as(request, AuditQuery)
        fits = AuditFilter(
            actor=wanted.actor,
            stream=wanted.stream,
            type=wanted.type,
            correlation_id=wanted.correlation_id,
            edit_id=wanted.edit_id,
            since_us=None if wanted.since is None else microseconds(wanted.since, "since"),
            until_us=None if wanted.until is None else microseconds(wanted.until, "until"),
        )
        return json(await app.lists.audit(fits, wanted.limit, wanted.cursor))

    @routes.get("/audit/verify", **describes(answer=Proof))
    async def verify() -> Response:
        """Prove the whole log: every link of the chain, every edit, every page."""
        report = await app.verify()
        fault = report.fault
        proof = Proof(
            ok=fault is None,
            events=report.events,
            edits=report.edits,
            position=report.head.position,
            chain=report.head.chain.hex(),
            fault=fault.what if fault else None,
            fault_position=fault.position if fault else None,
        )
        return json(proof)

    return routes
