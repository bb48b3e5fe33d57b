"""The past of a project: its history, and the edits that go back in it."""

from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import Asked, EditAnswer, encoded
from adapters.app.pages import Page
from adapters.app.past import HistoryEntry
from adapters.app.travel import NOW
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Cursor, Limit
from adapters.http.reading import converted, query_as
from adapters.http.times import Then, when
from adapters.http.writing import Rationale, answer, asked, json, optional_body
from domain.errors import Refused
from domain.timeline.history import Direction, Worth

Wanted = TypeVar("Wanted", bound="Write")
_STALE = ("version_conflict",)


class Write(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every one of these edits may say. ``dry_run`` answers what would follow, and does nothing."""

    rationale: Rationale | None = None
    dry_run: bool = False


class Change(Write, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same of a project that is there."""

    expected_version: int | None = None


class Rewrite(Change, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many edits, and whose: the caller's own if ``actor`` is left out, anybody's with ``*``."""

    count: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    actor: str | None = None


class Revert(Change, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which edit to take back; with ``cascade`` also every later edit that can't be without it."""

    edit_id: str
    cascade: bool = False


class Restore(Change, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which state to go back to: of a version, of a time, or after an edit."""

    version: int | None = None
    at: str | None = None
    edit: str | None = None


class Entries(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which edits to list: of an actor, or those that are active, reverted or masked; as it was then."""

    limit: Limit = 100
    cursor: Cursor | None = None
    actor: str | None = None
    state: Worth | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["history"], prefix=BASE)

    @routes.get(
        "/projects/{project}/history",
        **describes(
            query=Entries, answer=Page[HistoryEntry], refusals=("unknown_project", "unknown_version", "unknown_edit")
        ),
    )
    async def history(request: Request, project: str) -> Response:
        """Every edit, newest first: who, what, when, why, and whether it counts."""
        wanted = query_as(request, Entries)
        return json(app.past.listed(project, wanted.actor, wanted.state, wanted.limit, wanted.cursor, wanted.when()))

    async def step(request: Request, project: str, direction: Direction) -> Response:
        wanted, wish = await wish_as(request, Rewrite, direction)
        done = app.rewrites.step(direction, project, wanted.actor, wanted.count, wish, dry_run=wanted.dry_run)
        return answer(await done)

    @routes.post("/projects/{project}/undo", **_describes(Rewrite, "nothing_to_undo", "edit_has_dependents"))
    async def undo(request: Request, project: str) -> Response:
        """Take back the newest edits."""
        return await step(request, project, "undo")

    @routes.post("/projects/{project}/redo", **_describes(Rewrite, "nothing_to_redo", "edit_cannot_return"))
    async def redo(request: Request, project: str) -> Response:
        """Bring back what was undone last."""
        return await step(request, project, "redo")

    @routes.post(
        "/projects/{project}/revert",
        **_describes(Revert, "unknown_edit", "edit_not_active", "edit_not_revertible", "edit_has_dependents"),
    )
    async def revert(request: Request, project: str) -> Response:
        """Take back any edit, whoever made it; what later edits overwrote stays, and is named in ``masked``."""
        wanted, wish = await wish_as(request, Revert, "revert")
        done = app.rewrites.revert(project, wanted.edit_id, wish, cascade=wanted.cascade, dry_run=wanted.dry_run)
        return answer(await done)

    @routes.post("/projects/{project}/restore", **_describes(Restore, "unknown_version", "unknown_edit"))
    async def restore(request: Request, project: str) -> Response:
        """Make the project what it was, as a new edit."""
        wanted, wish = await wish_as(request, Restore, "restore")
        then = when(wanted.version, wanted.at, wanted.edit)
        if then == NOW:
            raise Refused("invalid_field", "Say which state: version, at or edit", "version")
        return answer(await app.rewrites.restore(project, then, wish, dry_run=wanted.dry_run))

    return routes


async def wish_as(request: Request, kind: type[Wanted], name: str) -> tuple[Wanted, Asked]:
    """A body of this kind, and the write that it asks for; the log keeps it under a name."""
    body, fields = await optional_body(request)
    wanted = converted(fields, kind)
    intent = {field: value for field, value in fields.items() if field not in Change.__struct_fields__}
    command = encoded({name: intent})
    expected = wanted.expected_version if isinstance(wanted, Change) else None
    wish = asked(request, body, command, expected_version=expected, rationale=wanted.rationale)
    return wanted, wish


def _describes(body: type[Write], *refusals: str) -> dict[str, Any]:
    codes = ("unknown_project", *refusals, *_STALE)
    return describes(body=body, answer=EditAnswer, refusals=codes, optional=body is Rewrite, conditional=True)
