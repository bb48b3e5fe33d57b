"""Batches of ops, and the past: history, undo, redo."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.app.pages import Page
from adapters.app.past import HistoryEntry
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.writing import Edits, Rationale, answer, asked, edit, json, optional_body
from domain.timeline.history import Direction

_EDIT_REFUSALS = (
    "unknown_project",
    "version_conflict",
    "stale_etag",
    "key_reused",
    "clips_overlap",
    "outside_source",
    "not_offered",
    "storage_full",
    "log_unavailable",
)


class Rewrite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many edits, and whose: the caller's own if ``actor`` is left out, anybody's with ``*``."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    actor: str | None = None
    expected_version: int | None = None
    rationale: Rationale | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["edits"], prefix=BASE)

    @routes.post(
        "/projects/{project}/edits",
        **describes(body=Edits, answer=EditAnswer, refusals=_EDIT_REFUSALS, conditional=True),
    )
    async def make(request: Request, project: str) -> Response:
        """Apply a batch of ops: one transaction, one undo step, all or nothing."""
        body = await raw_body(request)
        document = decoded(request, body)
        return answer(await edit(request, app.projects, project, document, body, command=body))

    @routes.get(
        "/projects/{project}/history",
        **describes(query=Paging, answer=Page[HistoryEntry], refusals=("unknown_project",)),
    )
    async def history(request: Request, project: str) -> Response:
        """Every edit, newest first: who, what, when, why, and whether it counts."""
        paging = query_as(request, Paging)
        return json(app.past.listed(project, paging.limit, paging.cursor))

    async def rewrite(request: Request, project: str, direction: Direction) -> Response:
        body, fields = await optional_body(request)
        wanted = converted(fields, Rewrite)
        command = _command(direction, wanted)
        wish = asked(request, body, command, expected_version=wanted.expected_version, rationale=wanted.rationale)
        return answer(await app.projects.rewrite(direction, project, wanted.actor, wanted.count, wish))

    undoing: dict[str, Any] = describes(
        body=Rewrite,
        answer=EditAnswer,
        refusals=("unknown_project", "nothing_to_undo", "edit_has_dependents", "version_conflict", "stale_etag"),
        optional=True,
        conditional=True,
    )
    redoing: dict[str, Any] = describes(
        body=Rewrite,
        answer=EditAnswer,
        refusals=("unknown_project", "nothing_to_redo", "edit_has_dependents", "version_conflict", "stale_etag"),
        optional=True,
        conditional=True,
    )

    @routes.post("/projects/{project}/undo", **undoing)
    async def undo(request: Request, project: str) -> Response:
        """Take back the newest edits."""
        return await rewrite(request, project, "undo")

    @routes.post("/projects/{project}/redo", **redoing)
    async def redo(request: Request, project: str) -> Response:
        """Bring back what was undone last."""
        return await rewrite(request, project, "redo")

    return routes


def _command(direction: Direction, wanted: Rewrite) -> bytes:
    return msgspec.json.encode({direction: {"count": wanted.count, "actor": wanted.actor}})
