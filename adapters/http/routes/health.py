"""``/health``: for whatever looks after the process."""

from fastapi import APIRouter
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.health import Health
from adapters.http.describe import describes
from adapters.http.writing import json


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["health"], prefix="/health")

    @routes.get("/live", **describes())
    async def live() -> Response:
        """The process answers."""
        return json({"status": "alive"})

    @routes.get("/ready", **describes(answer=Health))
    async def ready() -> Response:
        """Everything that a request may need is there; 503 where something is not."""
        health = await app.health()
        return json(health, 200 if health.status == "ready" else 503)

    @routes.get("/startup", **describes())
    async def startup() -> Response:
        """Starting up is over; 503 until then."""
        return json({"status": "started" if app.started else "starting"}, 200 if app.started else 503)

    return routes
