"""``/events``: the log for subscribers, by pages or as server-sent events that resume where they broke off."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from adapters.app.application import App
from adapters.app.asking import encoded
from adapters.app.feed import Event, EventPage
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Limit
from adapters.http.reading import query_as
from adapters.http.writing import json
from domain.errors import Refused

HEARTBEAT = 15.0  # seconds; proxies give up on a silent connection after about a minute

Position = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Facts after a position; ``types`` are tags, comma-separated, with their version or without."""

    after: Position = 0
    limit: Limit = 100
    types: str = ""


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The same; without ``after`` and ``Last-Event-ID``, only what happens from now on."""

    after: Position | None = None
    types: str = ""


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["events"], prefix=BASE)

    @routes.get("/events", **describes(query=EventsQuery, answer=EventPage))
    async def page(request: Request) -> Response:
        """Facts in the order of the log."""
        wanted = query_as(request, EventsQuery)
        return json(app.feed.page(wanted.after, wanted.limit, _types(wanted.types)))

    @routes.get("/events/stream", **describes(query=StreamQuery, answer=Event, kind="text/event-stream"))
    async def stream(request: Request) -> Response:
        """Facts as they become durable. The event id is the position: a client that comes back misses none."""
        wanted = query_as(request, StreamQuery)
        after = _start(request, wanted.after, app.position())
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        lines = _lines(app, after, _types(wanted.types))
        return StreamingResponse(lines, 200, headers, "text/event-stream")

    return routes


async def _lines(app: App, after: int, types: frozenset[str]) -> AsyncIterator[bytes]:
    yield b"retry: 1000\n\n"
    async for event in app.feed.follow(after, types, HEARTBEAT):
        if event is None:
            yield b": still here\n\n"
        else:
            yield b"id: %d\nevent: %s\ndata: %s\n\n" % (event.position, event.type.encode(), encoded(event))


def _start(request: Request, after: int | None, newest: int) -> int:
    """A client that reconnects says by header where it was, whatever its first request asked for."""
    last = request.headers.get("Last-Event-ID")
    if last is None:
        return newest if after is None else after
    if not last.isdecimal() or len(last) > 18:
        raise Refused("invalid_field", "Last-Event-ID must be a position that this stream gave", "Last-Event-ID")
    return int(last)


def _types(text: str) -> frozenset[str]:
    return frozenset(kind for kind in text.split(",") if kind)
