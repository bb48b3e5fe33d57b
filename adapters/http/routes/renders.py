"""``/render``: films."""

from contextlib import AbstractContextManager
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from adapters.app.application import App
from adapters.app.jobs import Started
from adapters.app.pages import Page
from adapters.app.renders import Part, PlanView, Wish
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.routes.jobs import Wait
from adapters.http.shapes import RenderJob
from adapters.http.times import Then
from adapters.http.writing import answer, asked, json, optional_body, untagged
from domain.errors import Refused, calling
from domain.render.formats.format import Settings
from domain.time import Moment


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to render, as it is at a version, or a ``range`` of it.

    ``output_path`` is absolute, under the output roots, and ends as its container does. ``settings`` lie over those of
    the preset; ``GET /render/presets`` has both.
    """

    project_id: str
    version: int | None = None
    preset: str = "standard"
    settings: Settings | None = None
    output_path: str | None = None
    range: Part | None = None


class PlanQuery(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which render to plan, of which state, from ``start`` to ``end`` of it."""

    project_id: str
    preset: str = "standard"
    start: Moment | None = None
    end: Moment | None = None

    def part(self) -> Part | None:
        """The part that is meant; None for all."""
        if self.start is None and self.end is None:
            return None
        return Part(self.start or Moment(flicks=0), self.end)


_STARTING = (
    "unknown_project",
    "unknown_version",
    "nothing_to_render",
    "source_missing",
    "glyphs_missing",
    "format_unsupported",
    "encoder_unavailable",
    "outside_timeline",
    "empty_range",
    "path_not_allowed",
    "output_exists",
    "queue_full",
)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["render"], prefix=f"{BASE}/render")

    @routes.post("/start", **describes(body=Start, answer=Started, status=202, refusals=_STARTING, conditional=True))
    async def start(request: Request) -> Response:
        """Begin a render."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), Start)
        wish = Wish(wanted.version, wanted.preset, wanted.settings, wanted.output_path, wanted.range)
        with _naming():
            return answer(await app.renders.start(wanted.project_id, wish, asked(request, body, body)))

    @routes.get("/plan", **describes(query=PlanQuery, answer=PlanView, refusals=_STARTING[:9]))
    async def plan(request: Request) -> Response:
        """What a render would do, and what of that is done already."""
        wanted = query_as(request, PlanQuery)
        with _naming(range="start"):
            return json(await app.renders.plan(wanted.project_id, wanted.when(), wanted.preset, wanted.part()))

    @routes.get("/jobs", **describes(query=Paging, answer=Page[RenderJob]))
    async def listed(request: Request) -> Response:
        """Renders, newest first."""
        paging = query_as(request, Paging)
        return json(await app.renders.listed(paging.limit, paging.cursor))

    @routes.get("/jobs/{job}", **describes(query=Wait, answer=RenderJob, refusals=("unknown_job",)))
    async def see(request: Request, job: str) -> Response:
        """A render, with live progress and what is left to do."""
        return json(await app.renders.see(job, query_as(request, Wait).wait_s))

    @routes.post(
        "/jobs/{job}/cancel",
        **describes(answer=RenderJob, status=202, refusals=("unknown_job", "job_finished"), keyed=True),
    )
    async def cancel(request: Request, job: str) -> Response:
        """End a render."""
        body, fields = await optional_body(request)
        if fields:
            raise Refused("invalid_field", "Cancelling takes no fields", next(iter(fields)))
        return untagged(await app.renders.cancel(job, asked(request, body, b'{"cancel":true}')))

    results: dict[str, Any] = {"refusals": ("unknown_job", "output_not_ready")}

    @routes.get("/jobs/{job}/output", **describes(kind="video/mp4", **results))
    async def output(job: str) -> Response:
        """The film; takes Range. Where it is a folder, the way to its main file."""
        film = app.renders.film(job)
        if film.path.is_dir():
            return RedirectResponse(f"output/{film.main}", 307)
        return FileResponse(film.path, media_type=film.container.media_type)

    @routes.get("/jobs/{job}/output/{name}", **describes(kind="application/octet-stream", **results))
    async def part(job: str, name: str) -> Response:
        """A file of a film that is a folder."""
        film = app.renders.film(job)
        if name not in film.names():
            raise Refused("not_found", "The film has no such file")
        return FileResponse(film.path / name, media_type=film.media_type(name))

    @routes.get("/jobs/{job}/manifest", **describes(**results))
    async def manifest(job: str) -> Response:
        """What the film was made from."""
        return FileResponse(app.renders.manifest(job), media_type="application/json")

    return routes


def _naming(**more: str) -> AbstractContextManager[None]:
    """What is wrong with a project's sources is wrong with the project that was asked for."""
    return calling(project="project_id", source="project_id", path="output_path", **more)
