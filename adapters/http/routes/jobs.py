"""``/jobs``: scans and renders alike."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.reading import query_as
from adapters.http.writing import asked, json, optional_body, untagged
from domain.errors import Refused


class Wait(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many seconds to wait for the job's end before answering."""

    wait_s: Annotated[float, msgspec.Meta(ge=0, le=60)] = 0.0


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["jobs"], prefix=BASE)

    @routes.get("/jobs/{job}", **describes(query=Wait, refusals=("unknown_job",)))
    async def see(request: Request, job: str) -> Response:
        """A job: how far it is, how it ended."""
        wait_s = query_as(request, Wait).wait_s
        if app.jobs.knows(job):
            return json(await app.jobs.see(job, wait_s))
        return json(await app.renders.see(job, wait_s))

    @routes.post("/jobs/{job}/cancel", **describes(status=202, refusals=("unknown_job", "job_finished"), keyed=True))
    async def cancel(request: Request, job: str) -> Response:
        """End a job."""
        body, fields = await optional_body(request)
        if fields:
            raise Refused("invalid_field", "Cancelling takes no fields", next(iter(fields)))
        wish = asked(request, body, b'{"cancel":true}')
        cancel = app.jobs.cancel if app.jobs.knows(job) else app.renders.cancel
        return untagged(await cancel(job, wish))

    return routes
