"""The FastAPI application over an App: ``create_api(app)`` is what uvicorn serves."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from adapters.app.application import App
from adapters.http import asyncapi, describe, problem
from adapters.http.middleware import Edge
from adapters.http.routes import every_router
from adapters.http.writing import json
from domain.errors import Refused


def create_api(app: App) -> FastAPI:
    """Every route, given the use cases. Starting and stopping the app is its owner's job."""
    api = FastAPI(
        title="stoat-and-ferret",
        version=version("stoat-ferret"),
        description="A headless video editor whose project file is an append-only log of edits.",
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    for router in every_router(app):
        api.router.routes.extend(router.routes)  # included routers are searched twice for every request
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(HTTPException, _unrouted)
    api.add_middleware(Edge, metrics=app.metrics, closing=app.closing)
    _describe(api)
    api.add_route("/asyncapi.json", _events, include_in_schema=False)
    return api


async def _events(request: Request) -> Response:
    """The description of the feed, beside ``/openapi.json``."""
    return json(asyncapi.document(request.app.version))


def _describe(api: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = describe.openapi(api)
        return api.openapi_schema

    api.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way


async def _refused(_: Request, refused: Exception) -> Response:
    assert isinstance(refused, Refused)  # noqa: S101  # registered for nothing else
    return problem.response(refused)


def _methods(request: Request) -> list[str]:
    """What the routes of a path take, in order: each of them knows only its own. What takes GET takes HEAD."""
    here = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    methods = {method for route in here for method in getattr(route, "methods", None) or ()}
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


async def _unrouted(request: Request, error: Exception) -> Response:
    """No route, or none for the method."""
    assert isinstance(error, HTTPException)  # noqa: S101  # registered for nothing else
    if error.status_code == 405:
        allowed = ", ".join(_methods(request))
        message = f"{request.method} is not one of {allowed}"
        return problem.response(Refused("method_not_allowed", message, extra={"allow": allowed}))
    return problem.response(Refused("not_found", "No route has that path"))
