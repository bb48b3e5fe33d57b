"""``/ws``: the events over a WebSocket. It only sends; where to begin and what to send is in its query."""

import asyncio

import msgspec
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect

from adapters.app.application import App
from adapters.feed.wanted import Wanted
from adapters.http.base import BASE
from adapters.http.subscribers import Stuck, counted, patiently
from adapters.http.subscription import HEARTBEAT, start
from domain.errors import Refused

TROUBLE = 1011
ENDING = 1012  # the server goes down: come back with the cursor
BAD_ARGUMENTS = 4400
FOREIGN = 4403
NOT_READING = 4408
AHEAD = 4409  # the cursor is none of this log's


class Reached(msgspec.Struct, frozen=True):
    """Sent first, and when nothing was for a while: a client that comes back with ``after=reached`` misses nothing."""

    reached: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["events"], prefix=BASE)

    @routes.websocket("/ws")
    async def events(socket: WebSocket) -> None:
        """Events as they become durable, after ``?after=&project=&types=``."""
        await socket.accept()
        with counted(app.metrics, "ws", socket.scope):
            try:
                after, chosen = await start(socket, app)
            except Refused as refused:
                code = AHEAD if refused.code == "cursor_ahead" else BAD_ARGUMENTS
                await _close(socket, code, f"{refused.path}: {refused.message} [{refused.code}]")
                return
            if _is_foreign(socket):
                await _close(socket, FOREIGN, "A page of another origin may not read this")
                return
            await _converse(socket, app, after, chosen)

    return routes


def _is_foreign(socket: WebSocket) -> bool:
    """Whether a page from elsewhere asks: browsers keep it from reading answers over HTTP, not over a WebSocket."""
    origin = socket.headers.get("Origin")
    return origin is not None and origin.partition("://")[2] != socket.headers.get("Host")


async def _converse(socket: WebSocket, app: App, after: int, chosen: Wanted) -> None:
    """Send until the client goes, says something or stops reading, or the server ends."""
    sending = asyncio.create_task(_send(socket, app, after, chosen))
    hearing = asyncio.create_task(socket.receive())
    await asyncio.wait((sending, hearing), return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, hearing):
        task.cancel()
    sent, heard = await asyncio.gather(sending, hearing, return_exceptions=True)
    if isinstance(heard, dict) and heard["type"] == "websocket.receive":
        await _close(socket, BAD_ARGUMENTS, "This socket only sends: after, project and types are in its query")
    elif isinstance(sent, Stuck):
        await _close(socket, NOT_READING, "Nothing was read for too long: come back with the last position")
        raise sent
    elif isinstance(sent, Refused):
        await _close(socket, TROUBLE, f"The log can't be read now: come back with the last position [{sent.code}]")
    elif sent is None:
        await _close(socket, ENDING, "The server ends: come back with the last position")
    elif isinstance(sent, Exception) and not isinstance(sent, WebSocketDisconnect):
        raise sent


async def _send(socket: WebSocket, app: App, after: int, chosen: Wanted) -> None:
    await patiently(socket.send_text(_reached(after)))
    async for batch in app.feed.follow(after, chosen, HEARTBEAT):
        for event in batch.events:
            await patiently(socket.send_text(event.json.decode()))
        if not batch.events:
            await patiently(socket.send_text(_reached(batch.reached)))


def _reached(position: int) -> str:
    return msgspec.json.encode(Reached(position)).decode()


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    """Say why, in the 123 bytes that a close frame has for it."""
    await patiently(socket.close(code, reason.encode()[:123].decode(errors="ignore")))
