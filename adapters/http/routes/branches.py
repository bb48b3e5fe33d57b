"""Projects from projects: fork, merge, what-if."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import Answered, EditAnswer
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.routes.history import Change, Write, wish_as
from adapters.http.times import when
from adapters.http.writing import answer
from domain.timeline.commands import AnyOp


class Fork(Write, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new project from a state of this one: a version, a time, or after an edit; the newest without any."""

    name: str | None = None
    id: str | None = None
    version: int | None = None
    at: str | None = None
    edit: str | None = None


class Merge(Change, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whose edits to decide again here: a fork of this project, or what it was forked from; ``skip`` leaves out."""

    source: str
    skip: tuple[str, ...] = ()


class WhatIf(Write, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new project in which an edit had been these ops, or, with none, had not been."""

    edit_id: str
    ops: Annotated[list[AnyOp], msgspec.Meta(max_length=2_000)]
    name: str | None = None
    id: str | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["branches"], prefix=BASE)

    @routes.post(
        "/projects/{project}/fork", **_describes(Fork, 201, "unknown_version", "unknown_edit", "project_exists")
    )
    async def fork(request: Request, project: str) -> Response:
        """Begin a project as this one is, or was."""
        wanted, wish = await wish_as(request, Fork, "fork")
        then = when(wanted.version, wanted.at, wanted.edit)
        return _begun(await app.branches.fork(project, then, wanted.id, wanted.name, wish, dry_run=wanted.dry_run))

    @routes.post("/projects/{project}/merge", **_describes(Merge, 200, "not_a_fork", "merge_conflict", "unknown_edit"))
    async def merge(request: Request, project: str) -> Response:
        """Decide the edits of another branch again here: one edit, all or none; ``dry_run`` says how each fares."""
        wanted, wish = await wish_as(request, Merge, "merge")
        return answer(await app.branches.merge(project, wanted.source, wanted.skip, wish, dry_run=wanted.dry_run))

    @routes.post(
        "/projects/{project}/what-if",
        **_describes(WhatIf, 201, "unknown_edit", "edit_not_active", "edit_not_revertible", "project_exists"),
    )
    async def what_if(request: Request, project: str) -> Response:
        """Begin a project in which a past edit was another one, and all that followed was decided again."""
        wanted, wish = await wish_as(request, WhatIf, "what_if")
        found = app.branches.what_if(
            project, wanted.edit_id, wanted.ops, wanted.id, wanted.name, wish, dry_run=wanted.dry_run
        )
        return _begun(await found)

    return routes


def _begun(made: Answered) -> Response:
    response = answer(made)
    if response.status_code == 201:
        response.headers["Location"] = f"{BASE}/projects/{msgspec.json.decode(made.body)['id']}"
    return response


def _describes(body: type[Write], status: int, *refusals: str) -> dict[str, Any]:
    codes = ("unknown_project", *refusals, "key_reused")
    return describes(
        body=body, answer=EditAnswer, status=status, refusals=codes, optional=body is Fork, conditional=True
    )
