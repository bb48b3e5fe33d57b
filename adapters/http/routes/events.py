"""``/events``: the log for subscribers, by pages or as server-sent events that resume where they broke off."""

from collections.abc import AsyncIterator, Iterator

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.feed.events import CloudEvent, Event
from adapters.feed.feed import EventPage
from adapters.feed.wanted import Wanted
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Limit
from adapters.http.reading import query_as
from adapters.http.subscribers import EventStream
from adapters.http.subscription import HEARTBEAT, Position, StreamQuery, filtered, has_cursor, start
from adapters.http.writing import json

PIECE = 1 << 16  # bytes of events in one send

REFUSALS = ("invalid_id", "unknown_project", "cursor_ahead")


class EventsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Events after a position, of a project and what is rendered of it, and of these types."""

    after: Position = 0
    limit: Limit = 100
    project: str | None = None
    types: str = ""


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["events"], prefix=BASE)

    @routes.get("/events", **describes(query=EventsQuery, answer=EventPage, refusals=REFUSALS))
    async def page(request: Request) -> Response:
        """Events in the order of the log."""
        asked = query_as(request, EventsQuery)
        return json(await app.feed.page(asked.after, asked.limit, filtered(asked.project, asked.types)))

    @routes.get(
        "/events/stream",
        **describes(query=StreamQuery, answer=CloudEvent, kind=EventStream.media_type, refusals=REFUSALS),
    )
    async def stream(request: Request) -> Response:
        """Events as they become durable. The event id is the position: a client that comes back misses none."""
        after, chosen = await start(request, app)
        return EventStream(_texts(app, after, chosen, told=has_cursor(request)), app.metrics)

    return routes


async def _texts(app: App, after: int, chosen: Wanted, *, told: bool) -> AsyncIterator[bytes]:
    """Told no position, a client that is cut off before its first event would not know where to go on."""
    yield b"retry: 1000\n" + (b"\n" if told else _cursor(after))
    async for batch in app.feed.follow(after, chosen, HEARTBEAT):
        for piece in _pieces(batch.events):
            yield piece
        if not batch.events:
            yield b": still here\n" + (_cursor(batch.reached) if batch.reached > after else b"\n")
        after = batch.reached


def _cursor(position: int) -> bytes:
    """Moves the client's last event id, and shows the client nothing: there is no data in it."""
    return b"id: %d\n\n" % position


def _pieces(events: list[Event]) -> Iterator[bytes]:
    """The events as text, in pieces of about ``PIECE`` bytes."""
    piece: list[bytes] = []
    for event in events:
        tag = event.tag.encode()
        piece.append(b"id: %d\nevent: %b\ndata: %b\n\n" % (event.record.position, tag, event.json))
        if sum(map(len, piece)) > PIECE:
            yield b"".join(piece)
            piece = []
    if piece:
        yield b"".join(piece)
