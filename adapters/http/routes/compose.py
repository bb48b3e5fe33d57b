"""Layouts: what there is, and placing clips by one."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.app.layouts import LayoutList, layouts
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.writing import json, one_op
from domain.timeline.commands import ApplyLayout

_REFUSALS = ("unknown_project", "unknown_clip", "unknown_layout", "bad_parameter", "out_of_range", "wrong_kind")
_RULES = ("lies_beneath", "track_locked", "version_conflict", "stale_etag")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["compose"], prefix=BASE)
    composed = describes(
        body=ApplyLayout, without=("op",), answer=EditAnswer, refusals=_REFUSALS + _RULES, conditional=True
    )

    @routes.get("/compose/layouts", **describes(answer=LayoutList))
    async def listed() -> Response:
        """Every layout."""
        return json(layouts())

    @routes.post("/projects/{project}/compose", **composed)
    async def compose(request: Request, project: str) -> Response:
        """Place clips on the canvas by a layout: an edit like any other."""
        return await one_op(request, app.projects, project, "apply_layout")

    return routes
