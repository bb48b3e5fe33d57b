"""``/preview``: what a film looks like, without a render."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.frames import Kind, Look
from adapters.app.sheets import Changes, Sheet
from adapters.app.travel import When
from adapters.http.base import BASE
from adapters.http.conditions import etag, is_known
from adapters.http.describe import describes
from adapters.http.reading import query_as
from adapters.http.times import Then
from adapters.http.writing import json
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


class SheetQuery(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How many pictures, in how many columns, each how wide."""

    project_id: str
    count: Annotated[int, Meta(ge=1, le=64)] = 12
    columns: Annotated[int, Meta(ge=1, le=16)] = 4
    width: Annotated[int, Meta(ge=64, le=640, multiple_of=2)] = 320


class ChangesQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"before": "from", "after": "to"}
):
    """Two versions; without ``to``, the newest."""

    project_id: str
    before: int
    after: int | None = None


class ChangesSheetQuery(ChangesQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """For how many stretches a row is wanted, and how wide its two pictures are."""

    count: Annotated[int, Meta(ge=1, le=32)] = 6
    width: Annotated[int, Meta(ge=64, le=640, multiple_of=2)] = 480


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

    @routes.get("/sheet", **describes(query=SheetQuery, kind="image/jpeg", refusals=_REFUSALS))
    async def contact_sheet(request: Request) -> Response:
        """Frames at even distances with their times, as one JPEG."""
        wanted = query_as(request, SheetQuery)
        size = (wanted.count, wanted.columns, wanted.width)
        return await _answered(request, app, await app.sheets.contact(wanted.project_id, wanted.when(), *size))

    @routes.get("/changes", **describes(query=ChangesQuery, answer=Changes, refusals=_REFUSALS))
    async def changes(request: Request) -> Response:
        """Where two versions look different: stretches outside which every frame is the same."""
        wanted = query_as(request, ChangesQuery)
        return json(await app.sheets.changes(wanted.project_id, When(wanted.before), When(wanted.after)))

    @routes.get(
        "/changes/sheet",
        **describes(query=ChangesSheetQuery, kind="image/jpeg", refusals=(*_REFUSALS, "nothing_changed")),
    )
    async def changes_sheet(request: Request) -> Response:
        """Frames before and after, side by side, a row for each stretch that looks different, as one JPEG."""
        wanted = query_as(request, ChangesSheetQuery)
        sides = (When(wanted.before), When(wanted.after))
        made = await app.sheets.before_and_after(wanted.project_id, *sides, wanted.count, wanted.width)
        return await _answered(request, app, made)

    return routes


async def _answered(request: Request, app: App, wanted: Sheet) -> Response:
    headers = {"ETag": etag(wanted.tag)}
    if is_known(request, wanted.tag):
        return Response(status_code=304, headers=headers)
    return Response(await app.sheets.picture(wanted), headers=headers, media_type="image/jpeg")
