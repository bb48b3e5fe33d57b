"""``/render``: films."""

from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from adapters.app.application import App
from adapters.app.pages import Page
from adapters.app.renders import PlanView, Preset
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.routes.jobs import Wait
from adapters.http.routes.videos import Started
from adapters.http.shapes import RenderJob
from adapters.http.times import Then
from adapters.http.writing import answer, asked, json, optional_body
from domain.errors import Refused


class Start(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to render, as it is at a version; ``output_path`` is absolute and under the output roots."""

    project_id: str
    version: int | None = None
    preset: Preset = "standard"
    output_path: str | None = None


class PlanQuery(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which render to plan, of which state."""

    project_id: str
    preset: Preset = "standard"


_STARTING = (
    "unknown_project",
    "unknown_version",
    "nothing_to_render",
    "source_missing",
    "glyphs_missing",
    "path_not_allowed",
    "output_exists",
    "queue_full",
    "key_reused",
)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["render"], prefix=f"{BASE}/render")

    @routes.post("/start", **describes(body=Start, answer=Started, status=202, refusals=_STARTING))
    async def start(request: Request) -> Response:
        """Begin a render."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), Start)
        wish = asked(request, body, body)
        return answer(
            await app.renders.start(wanted.project_id, wanted.version, wanted.preset, wanted.output_path, wish)
        )

    @routes.get("/plan", **describes(query=PlanQuery, answer=PlanView, refusals=_STARTING[:5]))
    async def plan(request: Request) -> Response:
        """What a render would do, and what of that is done already."""
        wanted = query_as(request, PlanQuery)
        return json(await app.renders.plan(wanted.project_id, wanted.when(), wanted.preset))

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
        **describes(answer=RenderJob, status=202, refusals=("unknown_job", "job_finished")),
    )
    async def cancel(request: Request, job: str) -> Response:
        """End a render."""
        body, fields = await optional_body(request)
        if fields:
            raise Refused("invalid_field", "Cancelling takes no fields", next(iter(fields)))
        return json(await app.renders.cancel(job, asked(request, body, b'{"cancel":true}')), 202)

    results: dict[str, Any] = {"refusals": ("unknown_job", "output_not_ready")}

    @routes.get("/jobs/{job}/output", **describes(kind="video/mp4", **results))
    async def output(job: str) -> Response:
        """The film; takes Range."""
        return FileResponse(app.renders.film(job), media_type="video/mp4")

    @routes.get("/jobs/{job}/manifest", **describes(**results))
    async def manifest(job: str) -> Response:
        """What the film was made from."""
        return FileResponse(app.renders.manifest(job), media_type="application/json")

    return routes
