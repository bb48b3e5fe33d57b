"""What a subscriber asks for, the same on every way in: where to begin, and what of it."""

from typing import Annotated

import msgspec
from starlette.requests import HTTPConnection

from adapters.app.application import App
from adapters.feed.wanted import Wanted, wanted
from adapters.http.reading import query_as
from domain.errors import Refused

HEARTBEAT = 15.0  # seconds; proxies give up on a silent connection after about a minute

Position = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class StreamQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Events after a position, of a project and what is rendered of it; without ``after`` and ``Last-Event-ID``, only
    what happens from now on. ``types`` are comma-separated, with their version or without:
    ``clip_added,render_completed.1``."""

    after: Position | None = None
    project: str | None = None
    types: str = ""


async def start(connection: HTTPConnection, app: App) -> tuple[int, Wanted]:
    """Where to begin and what to send. A client that reconnects says by header where it was, whatever its first
    request asked for."""
    asked = query_as(connection, StreamQuery)
    after = app.position() if asked.after is None else asked.after
    if (last := connection.headers.get("Last-Event-ID")) is not None:
        if not last.isdecimal() or len(last) > 18:
            raise Refused("invalid_field", "Last-Event-ID must be a position that this stream gave", "Last-Event-ID")
        after = int(last)
    chosen = filtered(asked.project, asked.types)
    await app.feed.check(after, chosen.project)
    return after, chosen


def has_cursor(connection: HTTPConnection) -> bool:
    """Whether the client said where to begin."""
    return "after" in connection.query_params or "Last-Event-ID" in connection.headers


def filtered(project: str | None, types: str) -> Wanted:
    """The filter of a query."""
    return wanted(project, [name for name in types.split(",") if name])
