"""``/projects/{id}/tracks``: each route is one op."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.writing import one_op
from domain.timeline.commands import AddTrack, RemoveTrack, UpdateTrack

_GONE = ("unknown_project", "unknown_track", "version_conflict", "stale_etag")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["tracks"], prefix=BASE)
    added = describes(
        body=AddTrack,
        without=("op",),
        answer=EditAnswer,
        status=201,
        refusals=("unknown_project", "id_taken"),
        conditional=True,
    )
    changed = describes(body=UpdateTrack, without=("op", "track"), answer=EditAnswer, refusals=_GONE, conditional=True)
    removed = describes(
        body=RemoveTrack,
        without=("op", "track"),
        answer=EditAnswer,
        refusals=_GONE,
        optional=True,
        conditional=True,
    )

    @routes.post("/projects/{project}/tracks", **added)
    async def add(request: Request, project: str) -> Response:
        """Add a track."""
        return await one_op(request, app.projects, project, "add_track", creates=True)

    @routes.patch("/projects/{project}/tracks/{track}", **changed)
    async def change(request: Request, project: str, track: str) -> Response:
        """Change a track, or its place in the order."""
        return await one_op(request, app.projects, project, "update_track", track=track)

    @routes.delete("/projects/{project}/tracks/{track}", **removed)
    async def remove(request: Request, project: str, track: str) -> Response:
        """Remove a track with everything on it."""
        return await one_op(request, app.projects, project, "remove_track", track=track)

    return routes
