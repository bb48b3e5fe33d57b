"""``/metrics`` and ``/system/info``."""

import msgspec
from fastapi import APIRouter
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.info import Info
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.writing import json
from adapters.views.keeper import ViewStatus


class Projections(msgspec.Struct, frozen=True):
    """Every projection, and the log's last position."""

    position: int
    items: list[ViewStatus]


EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"


def metrics(app: App) -> APIRouter:
    """For Prometheus, at the root."""
    routes = APIRouter(tags=["system"])

    @routes.get("/metrics", **describes(kind=EXPOSITION))
    async def text() -> Response:
        """Every metric."""
        return Response(app.measured(), media_type=EXPOSITION)

    return routes


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["system"], prefix=BASE)

    @routes.get("/system/info", **describes(answer=Info))
    async def info() -> Response:
        """Versions of everything."""
        return json(await app.info())

    @routes.get("/system/projections", **describes(answer=Projections))
    async def projections() -> Response:
        """How far each projection is, how far its rebuild is while there is one, and what it could not digest."""
        return json(Projections(app.position(), app.views.status()))

    return routes
