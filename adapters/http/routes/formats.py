"""``/render/presets`` and ``/render/encoders``: what films can be made as."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from adapters.app import formats
from adapters.app.application import App
from adapters.app.formats import EncoderList, PresetList
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.writing import json


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["render"], prefix=f"{BASE}/render")

    @routes.get("/presets", **describes(answer=PresetList))
    async def presets() -> Response:
        """What films can be made as."""
        return json(formats.presets())

    @routes.get("/encoders", **describes(answer=EncoderList))
    async def encoders() -> Response:
        """Which encoders work here, each tried on a frame."""
        return json(await asyncio.to_thread(formats.encoders, app.tools))

    return routes
