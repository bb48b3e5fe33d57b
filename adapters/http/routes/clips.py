"""``/projects/{id}/clips`` and ``/clips/{clip}``, which finds the project by itself. Each write is one op."""

from collections.abc import Awaitable, Callable
from functools import partial

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.app.pages import Page
from adapters.http.base import BASE
from adapters.http.conditions import etag
from adapters.http.describe import describes
from adapters.http.paging import Cursor, Limit
from adapters.http.reading import query_as
from adapters.http.shapes import ClipDocument
from adapters.http.times import Then
from adapters.http.writing import Where, json, one_op
from domain.timeline.commands import AddClip, RemoveClip, SplitClip, UpdateClip

_GONE = ("unknown_project", "unknown_clip", "track_locked", "version_conflict", "stale_etag")
_RULES = ("clips_overlap", "empty_range", "outside_source", "wrong_kind", "unknown_media", "unknown_track")
_BY_PATH = ("op", "clip")

_LOOKED_AT = describes(
    query=Then, answer=ClipDocument, refusals=("unknown_project", "unknown_clip", "unknown_version", "unknown_edit")
)
_CHANGED = describes(body=UpdateClip, without=_BY_PATH, answer=EditAnswer, refusals=_GONE + _RULES, conditional=True)
_REMOVED = describes(
    body=RemoveClip, without=_BY_PATH, answer=EditAnswer, refusals=_GONE, optional=True, conditional=True
)
_ADDED = describes(
    body=AddClip,
    without=("op",),
    answer=EditAnswer,
    status=201,
    refusals=("unknown_project", *_RULES),
    conditional=True,
)
_SPLIT = describes(
    body=SplitClip, without=_BY_PATH, answer=EditAnswer, status=201, refusals=_GONE + _RULES, conditional=True
)


class ClipsThen(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A part of the clips that there were."""

    limit: Limit = 100
    cursor: Cursor | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["clips"], prefix=BASE)

    async def see(request: Request, project: str, clip: str) -> Response:
        seen, found = app.timeline.clip(project, clip, query_as(request, Then).when())
        return json(found, headers={"ETag": etag(seen)})

    async def change(request: Request, where: str | Where, clip: str) -> Response:
        return await one_op(request, app.projects, where, "update_clip", clip=clip)

    async def remove(request: Request, where: str | Where, clip: str) -> Response:
        return await one_op(request, app.projects, where, "remove_clip", clip=clip)

    @routes.post("/projects/{project}/clips", **_ADDED)
    async def add(request: Request, project: str) -> Response:
        """Lay a clip on a track."""
        return await one_op(request, app.projects, project, "add_clip", creates=True)

    @routes.get("/projects/{project}/clips", **describes(query=ClipsThen, answer=Page[ClipDocument]))
    async def listed(request: Request, project: str) -> Response:
        """Every clip, track by track, in time."""
        wanted = query_as(request, ClipsThen)
        return json(app.timeline.clips(project, wanted.limit, wanted.cursor, wanted.when()))

    @routes.get("/projects/{project}/clips/{clip}", **_LOOKED_AT)
    async def see_there(request: Request, project: str, clip: str) -> Response:
        """One clip, now or as it was."""
        return await see(request, project, clip)

    @routes.patch("/projects/{project}/clips/{clip}", **_CHANGED)
    async def change_there(request: Request, project: str, clip: str) -> Response:
        """Change any field of a clip but its source."""
        return await change(request, project, clip)

    @routes.delete("/projects/{project}/clips/{clip}", **_REMOVED)
    async def remove_there(request: Request, project: str, clip: str) -> Response:
        """Take a clip and its effects off the timeline."""
        return await remove(request, project, clip)

    @routes.post("/projects/{project}/clips/{clip}/split", **_SPLIT)
    async def split(request: Request, project: str, clip: str) -> Response:
        """Cut a clip in two; what is created is the later part."""
        return await one_op(request, app.projects, project, "split_clip", creates=True, clip=clip)

    _anywhere(routes, app, see, change, remove)
    return routes


_Reader = Callable[[Request, str, str], Awaitable[Response]]
_Writer = Callable[[Request, str | Where, str], Awaitable[Response]]


def _anywhere(routes: APIRouter, app: App, see: _Reader, change: _Writer, remove: _Writer) -> None:
    """The same by the clip's id alone; refuses ``ambiguous_id`` where several projects have such a clip."""

    @routes.get("/clips/{clip}", **_LOOKED_AT)
    async def see_anywhere(request: Request, clip: str) -> Response:
        """One clip, wherever it is."""
        return await see(request, await app.lists.project_of_clip(clip), clip)

    @routes.patch("/clips/{clip}", **_CHANGED)
    async def change_anywhere(request: Request, clip: str) -> Response:
        """Change a clip, wherever it is."""
        return await change(request, partial(app.lists.project_of_clip, clip), clip)

    @routes.delete("/clips/{clip}", **_REMOVED)
    async def remove_anywhere(request: Request, clip: str) -> Response:
        """Remove a clip, wherever it is."""
        return await remove(request, partial(app.lists.project_of_clip, clip), clip)
