"""``/preview``: what a film looks like, without a render."""

from typing import Annotated

from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.frames import Kind, Look
from adapters.http.base import BASE
from adapters.http.conditions import etag, is_known
from adapters.http.describe import describes
from adapters.http.reading import query_as
from adapters.http.times import Then
from domain.errors import Refused
from domain.time import Moment

_REFUSALS = (
    "unknown_project",
    "unknown_version",
    "unknown_edit",
    "nothing_to_render",
    "source_missing",
    "source_changed",
    "glyphs_missing",
    "outside_timeline",
    "unit_failed",
    "unit_timeout",
    "storage_full",
)


class FrameQuery(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which frame: the one on screen at ``t`` (the first without it), or number ``frame``, counted from 0."""

    project_id: str
    t: Moment | None = None
    frame: Annotated[int, Meta(ge=0, le=1 << 40)] | None = None
    width: Annotated[int, Meta(ge=16, le=4096, multiple_of=2)] | None = None
    format: Kind = "jpg"

    def look(self) -> Look:
        """As the use case takes it."""
        if self.t is not None and self.frame is not None:
            raise Refused("invalid_field", "Ask for t or for frame, not for both", "frame")
        at, said = (Moment(frame=self.frame or 0), "frame") if self.t is None else (self.t, "t")
        return Look(at, said, self.format, self.width)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["preview"], prefix=f"{BASE}/preview")

    @routes.get("/frame", **describes(query=FrameQuery, kind="image/jpeg", refusals=_REFUSALS))
    async def frame(request: Request) -> Response:
        """A frame as a picture, at any version, as a render would show it.

        ``Stoat-Frame`` and ``Stoat-Version`` say which it is. The entity tag changes only when the picture does.
        """
        wanted = query_as(request, FrameQuery)
        shot = await app.frames.plan(wanted.project_id, wanted.when(), wanted.look())
        headers = {"ETag": etag(shot.tag), "Stoat-Frame": str(shot.frame), "Stoat-Version": str(shot.version)}
        if is_known(request, shot.tag):
            return Response(status_code=304, headers=headers)
        return Response(await app.frames.picture(shot), headers=headers, media_type=shot.container.media_type)

    return routes
