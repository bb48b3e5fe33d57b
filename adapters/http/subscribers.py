"""Sending to somebody who may not read: a bounded wait, then the connection is cut, and nobody else has noticed.

What waits for a subscriber is one piece of text and what the operating system and uvicorn hold for a connection.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from adapters.telemetry.metrics import Metrics

PATIENCE = 10.0  # seconds that one send may wait for the reader
CUT = "stoat.cut"  # in an ASGI scope: a function that ends the connection at once
_log = structlog.get_logger("feed")


class Stuck(Exception):
    """A subscriber has not read for too long."""


async def patiently(sending: Awaitable[None]) -> None:
    """Send, unless the reader takes nothing for ``PATIENCE`` seconds: then ``Stuck``."""
    try:
        await asyncio.wait_for(sending, PATIENCE)
    except TimeoutError:
        raise Stuck from None


@contextmanager
def counted(metrics: Metrics, kind: str, scope: Scope) -> Iterator[None]:
    """Count a subscriber while the block runs; one that gets stuck in it is cut and counted as dropped."""
    metrics.subscribers.labels(kind).inc()
    try:
        yield
    except Stuck:
        metrics.dropped.labels(kind).inc()
        _log.warning("subscriber_dropped", kind=kind)
        scope[CUT]()
    finally:
        metrics.subscribers.labels(kind).dec()


def cut_of(send: Send) -> Callable[[], None]:
    """What ends the connection that ``send`` belongs to, with what it has not taken yet. ASGI has no such message, so
    this looks at uvicorn's own object; a server without one only stops sending."""
    transport: Any = getattr(getattr(send, "__self__", None), "transport", None)
    return transport.abort if transport is not None else lambda: None


class EventStream(Response):
    """Server-sent events, as long as the reader reads and ``texts`` has some."""

    media_type = "text/event-stream"

    def __init__(self, texts: AsyncIterator[bytes], metrics: Metrics) -> None:
        """Sends each text as it comes."""
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._texts = texts
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Until either side ends it."""
        with counted(self._metrics, "sse", scope):
            sending = asyncio.create_task(self._send(send))
            gone = asyncio.create_task(_gone(receive))
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
            ended = sending.done()
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
            if ended:
                sending.result()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for text in self._texts:
            await patiently(send({"type": "http.response.body", "body": text, "more_body": True}))
        await patiently(send({"type": "http.response.body", "body": b"", "more_body": False}))


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
