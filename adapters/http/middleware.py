"""Around every request: a correlation id, counts and times, no write once the shutdown has begun, and an answer even
where the program has a defect."""

import re
import time
from typing import Any

import structlog
import uuid_utils
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from adapters.app.closing import Closing
from adapters.http import problem
from adapters.http.subscribers import CUT, cut_of
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused

CORRELATION = b"x-correlation-id"

_GIVEN = re.compile(rb"[A-Za-z0-9._-]{1,64}\Z")
_log = structlog.get_logger("http")


class Edge:
    """Pure ASGI, so that streams flow through it unbuffered."""

    def __init__(self, app: ASGIApp, metrics: Metrics, closing: Closing) -> None:
        """Around ``app``."""
        self._app = app
        self._metrics = metrics
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        scope[CUT] = cut_of(send)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        if head:
            scope = {**scope, "method": "GET"}  # answered as GET is, without the body
        correlation = _correlation(scope)
        answer = _Answer(send, correlation, head)
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(correlation_id=correlation):
            try:
                if self._closing.begun and scope["method"] not in _READS:
                    await problem.response(_DRAINING)(scope, receive, answer.send)
                    return
                await self._app(scope, receive, answer.send)
            except ClientDisconnect:
                _log.info("caller_gone", method=scope["method"], path=scope["path"])
            except Exception:
                _log.exception("request_broken", method=scope["method"], path=scope["path"])
                if answer.status is not None:
                    raise  # the answer has begun: only breaking the connection can say that it is not whole
                broken = problem.response(Refused("internal_error", "The request ran into a defect"))
                await broken(scope, receive, answer.send)
            finally:
                self._count(scope, answer.status or 499, time.perf_counter() - began)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        endpoint = getattr(scope.get("route"), "path", "unmatched")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._metrics.requests.labels(method, endpoint, str(status)).inc()
        self._metrics.request_seconds.labels(method, endpoint).observe(seconds)
        _log.info("request_answered", method=method, path=scope["path"], status=status, seconds=round(seconds, 6))


_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_DRAINING = Refused("draining", "The server is shutting down")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class _Answer:
    """Sends on, remembers the status, and puts the correlation id into the headers. Of ``head`` only those."""

    def __init__(self, send: Send, correlation: str, head: bool) -> None:
        self._send = send
        self._head = head
        self._correlation = correlation
        self.status: int | None = None

    async def send(self, message: Message) -> None:
        """One ASGI message of the answer."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: list[Any] = list(message.get("headers", ()))
            message = {**message, "headers": [*headers, (CORRELATION, self._correlation.encode())]}
            await self._send(message)
            if self._head:
                await self._send({"type": "http.response.body", "body": b""})
        elif not self._head:
            await self._send(message)


def _correlation(scope: Scope) -> str:
    """The caller's, where it has a plain one; else a new one."""
    for name, value in scope["headers"]:
        if name == CORRELATION and _GIVEN.match(value):
            return bytes(value).decode()
    return f"req_{uuid_utils.uuid7().hex}"
