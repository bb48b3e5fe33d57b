"""``/videos``: the library. "Videos" covers sound files and stills too."""

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.jobs import Started
from adapters.http.base import BASE
from adapters.http.conditions import etag
from adapters.http.describe import describes
from adapters.http.paging import Cursor, Limit, Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.writing import answer, asked, json, optional_body
from adapters.views.paging import Page
from domain.errors import Refused
from projections.video import Video

_GONE = ("unknown_media",)


class Scan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A folder to look through; ``recursive`` for those below it too."""

    path: str
    recursive: bool = True


class SearchQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Words that must all occur; a page of what fits, best first."""

    q: str
    limit: Limit = 100
    cursor: Cursor | None = None


class VideoChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name for people, or other tags (all of them)."""

    name: str | None = None
    tags: list[str] | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["videos"], prefix=BASE)

    @routes.post(
        "/videos/scan", **describes(body=Scan, answer=Started, status=202, refusals=("path_not_allowed",), keyed=True)
    )
    async def scan(request: Request) -> Response:
        """Find the media files of a folder and add them to the library."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), Scan)
        return answer(await app.scans.start(wanted.path, wanted.recursive, asked(request, body, body)))

    @routes.get("/videos", **describes(query=Paging, answer=Page[Video]))
    async def listed(request: Request) -> Response:
        """Everything in the library, in the order in which it was found."""
        paging = query_as(request, Paging)
        return json(await app.lists.videos(paging.limit, paging.cursor))

    @routes.get("/videos/search", **describes(query=SearchQuery, answer=Page[Video]))
    async def search(request: Request) -> Response:
        """Entries in which every word occurs, best first."""
        wanted = query_as(request, SearchQuery)
        return json(await app.lists.search(wanted.q, wanted.limit, wanted.cursor))

    @routes.get("/videos/{video}", **describes(answer=Video, refusals=("unknown_media",)))
    async def see(video: str) -> Response:
        """One entry."""
        version = app.library.version(video)  # first: a tag may be older than what it comes with, and never newer
        return json(await app.lists.video(video), headers={"ETag": etag(version)})

    @routes.patch("/videos/{video}", **describes(body=VideoChange, refusals=_GONE, conditional=True))
    async def change(request: Request, video: str) -> Response:
        """Another name for people, or other tags."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), VideoChange)
        if wanted.name is None and wanted.tags is None:
            raise Refused("invalid_field", "Nothing to change: give name or tags")
        return answer(await app.library.change(video, wanted.name, wanted.tags, asked(request, body, body)))

    @routes.delete("/videos/{video}", **describes(refusals=_GONE, conditional=True))
    async def remove(request: Request, video: str) -> Response:
        """Take an entry out of the library; the file itself stays."""
        body, fields = await optional_body(request)
        if fields:
            raise Refused("invalid_field", "Removing takes no fields", next(iter(fields)))
        return answer(await app.library.remove(video, asked(request, body, b'{"remove":true}')))

    return routes
