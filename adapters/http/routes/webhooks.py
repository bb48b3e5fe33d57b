"""``/webhooks``: endpoints of others that events are sent to."""

from typing import Annotated

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.pages import Page
from adapters.app.webhooks import DeadLetter, Resent, Secret, Webhook
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.paging import Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.subscription import Position
from adapters.http.writing import answer, asked, json, optional_body, untagged
from domain.errors import Refused

Type = Annotated[str, msgspec.Meta(max_length=100)]


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where to send events, and which: those of a project and its renders, of these types, after a position; without
    one, those that happen from now on. The log keeps the URL, so it should hold no secret."""

    url: str
    project: str | None = None
    types: Annotated[list[Type], msgspec.Meta(max_length=100)] = []
    after: Position | None = None


_REGISTERING = ("url_not_allowed", "limit_exceeded", "cursor_ahead", "invalid_id")
_HOOK = ("unknown_webhook",)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["webhooks"], prefix=f"{BASE}/webhooks")

    @routes.post("", **describes(body=Registration, answer=Secret, status=201, refusals=_REGISTERING, keyed=True))
    async def register(request: Request) -> Response:
        """Send events to a URL, signed as Standard Webhooks has it with the secret of the answer."""
        body = await raw_body(request)
        new = converted(decoded(request, body), Registration)
        wish = asked(request, body, body)
        return answer(await app.webhooks.register(new.url, new.project, new.types, new.after, wish))

    @routes.get("", **describes(query=Paging, answer=Page[Webhook]))
    async def listed(request: Request) -> Response:
        """Webhooks, oldest first."""
        paging = query_as(request, Paging)
        return json(app.webhooks.listed(paging.limit, paging.cursor))

    @routes.get("/{webhook}", **describes(answer=Webhook, refusals=_HOOK))
    async def see(webhook: str) -> Response:
        """A webhook, how far it has come and what keeps it."""
        return json(app.webhooks.see(webhook))

    @routes.delete("/{webhook}", **describes(refusals=_HOOK, conditional=True))
    async def remove(request: Request, webhook: str) -> Response:
        """Send nothing more to it."""
        body = await _nothing(request)
        return answer(await app.webhooks.remove(webhook, asked(request, body, b'{"remove":true}')))

    @routes.post(
        "/{webhook}/enable", **describes(body=Nothing, optional=True, answer=Webhook, refusals=_HOOK, conditional=True)
    )
    async def enable(request: Request, webhook: str) -> Response:
        """Go on after it was disabled, with the event that it ended at; tries at once what waits for its next try."""
        body = await _nothing(request)
        return answer(await app.webhooks.enable(webhook, asked(request, body, b'{"enable":true}')))

    @routes.post(
        "/{webhook}/secret", **describes(body=Nothing, optional=True, answer=Secret, refusals=_HOOK, conditional=True)
    )
    async def rotate(request: Request, webhook: str) -> Response:
        """A new secret; signatures by the one before come beside its own until the next."""
        body = await _nothing(request)
        return answer(await app.webhooks.rotate(webhook, asked(request, body, b'{"rotate":true}')))

    @routes.get("/{webhook}/dead-letters", **describes(query=Paging, answer=Page[DeadLetter], refusals=_HOOK))
    async def dead_letters(request: Request, webhook: str) -> Response:
        """Events that were given up after eight tries, oldest first."""
        paging = query_as(request, Paging)
        return json(app.webhooks.dead_letters(webhook, paging.limit, paging.cursor))

    @routes.post(
        "/{webhook}/dead-letters/{position}/resend",
        **describes(
            body=Nothing, optional=True, answer=Resent, refusals=(*_HOOK, "unknown_dead_letter"), conditional=True
        ),
    )
    async def resend(request: Request, webhook: str, position: str) -> Response:
        """Try once more to deliver it; where it is taken, it is no dead letter any more."""
        body = await _nothing(request)
        if not position.isdecimal() or len(position) > 18:
            raise Refused("unknown_dead_letter", "A dead letter is named by its position", "position")
        wish = asked(request, body, b'{"resend":true}')
        return untagged(await app.webhooks.resend(webhook, int(position), wish))

    return routes


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No fields."""


async def _nothing(request: Request) -> bytes:
    body, fields = await optional_body(request)
    converted(fields, Nothing)
    return body
