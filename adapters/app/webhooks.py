"""Use cases of webhooks: register, look, enable, remove, new secrets, and what became of letters that were given up."""

from collections.abc import Callable
from functools import partial
from typing import Literal

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked, encoded
from adapters.app.keys import Keys, kept_answer, provenance
from adapters.app.pages import Page
from adapters.eventstore.port import EventLog
from adapters.feed.feed import Feed
from adapters.feed.wanted import wanted
from adapters.webhooks.hooks import Hook, Hooks
from adapters.webhooks.post import NotDelivered
from domain.errors import Refused
from domain.webhook import decide
from domain.webhook.events import WebhookDeadLettered, WebhookFact, WebhookRegistered
from domain.webhook.state import WebhookState
from projections.times import utc

MOST = 100


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook. Everything up to ``position`` is settled; the next event was tried ``tries`` times, lastly with
    ``fault``. ``reason`` says why it is disabled."""

    id: str
    url: str
    project: str | None
    types: list[str]
    status: Literal["enabled", "disabled"]
    reason: str | None
    position: int
    tries: int
    fault: str | None
    dead_letters: int
    created_at: str


class Secret(msgspec.Struct, frozen=True):
    """What the endpoint needs to check signatures. It is in no list and not in the log."""

    id: str
    secret: str


class DeadLetter(msgspec.Struct, frozen=True):
    """An event that was given up: GET /events?after=position-1&limit=1 shows it."""

    position: int
    event_id: str
    attempts: int
    fault: str


class Resent(msgspec.Struct, frozen=True):
    """What became of a letter that was sent again; ``fault`` where it was not taken this time either."""

    position: int
    delivered: bool
    fault: str | None


class Webhooks:
    """Webhooks, as callers see them."""

    def __init__(self, log: EventLog, keys: Keys, feed: Feed, hooks: Hooks) -> None:
        """Over those of ``hooks``."""
        self._log = log
        self._keys = keys
        self._feed = feed
        self._hooks = hooks

    async def register(
        self, url: str, project: str | None, types: list[str], after: int | None, asked: Asked
    ) -> Answered:
        """Send events after a position to a URL; those that happen from now on if None."""
        return self._with_secret(
            await self._keys.once(asked, lambda: self._registered(url, project, types, after, asked))
        )

    async def _registered(
        self, url: str, project: str | None, types: list[str], after: int | None, asked: Asked
    ) -> Answered:
        chosen = wanted(project, types)
        if asked.conditions:
            raise Refused("invalid_field", "A new webhook has no version that could match", "If-Match")
        start = self._log.position() if after is None else after
        await self._feed.check(start, project)
        await self._hooks.post.addresses(url)
        hook = f"hook_{uuid_utils.uuid7().hex}"
        registered = WebhookRegistered(hook, url, start, project, sorted(chosen.types))
        kept = encoded(_Kept(hook, 1))
        async with self._hooks.turn:
            if len(self._hooks.by_id) >= MOST:
                raise Refused("limit_exceeded", f"There are {MOST} webhooks already: remove one first")
            ledger = self._hooks.ledger(hook)
            decision = partial(decide.register, registered)
            await ledger.request(decision, provenance(asked), lambda _: kept_answer(asked, 201, kept))
            await self._hooks.renew(ledger)
        return Answered(201, kept)

    def listed(self, limit: int, cursor: str | None) -> Page[Webhook]:
        """Webhooks, oldest first."""
        names = [name for name in sorted(self._hooks.by_id) if cursor is None or name > cursor]
        shown = [_shown(self._hooks.by_id[name]) for name in names[:limit]]
        return Page(shown, names[limit - 1] if len(names) > limit else None)

    def see(self, webhook: str) -> Webhook:
        """One webhook."""
        return _shown(self._hooks.find(webhook))

    async def enable(self, webhook: str, asked: Asked) -> Answered:
        """Go on sending where it was disabled; at once, where it waits for its next try."""
        return await self._change(webhook, decide.enable, asked, lambda state: _told(self._hooks.find(webhook), state))

    async def rotate(self, webhook: str, asked: Asked) -> Answered:
        """A new secret. Deliveries are signed with the one before as well until the next."""
        said = await self._change(webhook, decide.rotate, asked, lambda state: _Kept(webhook, state.generation))
        return self._with_secret(said)

    async def remove(self, webhook: str, asked: Asked) -> Answered:
        """Never send to it again."""
        return await self._change(webhook, decide.remove, asked, lambda _: {"id": webhook, "removed": True})

    def dead_letters(self, webhook: str, limit: int, cursor: str | None) -> Page[DeadLetter]:
        """Events that were given up and not sent since, oldest first."""
        dead = self._hooks.find(webhook).ledger.state.dead
        if cursor is not None and not cursor.isdecimal():
            raise Refused("invalid_field", "A cursor is what next_cursor said", "cursor")
        places = [place for place in sorted(dead) if cursor is None or place > int(cursor)]
        shown = [_letter(dead[place]) for place in places[:limit]]
        return Page(shown, str(places[limit - 1]) if len(places) > limit else None)

    async def resend(self, webhook: str, position: int, asked: Asked) -> Answered:
        """Try once more to deliver an event that was given up."""
        return await self._keys.once(asked, lambda: self._resent(webhook, position, asked))

    async def _resent(self, webhook: str, position: int, asked: Asked) -> Answered:
        hook = self._hooks.find(webhook)
        asked.check(hook.ledger.state.version)
        decide.letter(position, hook.ledger.state)
        try:
            await hook.delivery.send(await self._feed.event(position))
        except NotDelivered as fault:
            return await self._keys.keep(asked, Answered(200, encoded(Resent(position, False, str(fault)))))
        answered = Answered(200, encoded(Resent(position, True, None)))
        kept = kept_answer(asked, answered.status, answered.body)
        await hook.ledger.request(partial(decide.redeliver, position), provenance(asked), lambda _: kept)
        return answered

    async def _change(
        self,
        webhook: str,
        decision: Callable[[WebhookState], list[WebhookFact]],
        asked: Asked,
        said: Callable[[WebhookState], object],
    ) -> Answered:
        """Decide something about a webhook, say so of the state that follows, and do as its facts say from then on."""

        async def changed() -> Answered:
            async with self._hooks.turn:
                ledger = self._hooks.find(webhook).ledger
                asked.check(ledger.state.version)
                after = await ledger.request(
                    decision, provenance(asked), lambda state: kept_answer(asked, 200, encoded(said(state)))
                )
                answered = Answered(200, encoded(said(after)), after.version)
                await self._hooks.renew(ledger)
                return answered

        return await self._keys.once(asked, changed)

    def _with_secret(self, answered: Answered) -> Answered:
        """The answer that the caller gets: in the one that the log keeps is no secret."""
        kept = msgspec.json.decode(answered.body, type=_Kept)
        secret = Secret(kept.id, self._hooks.secrets.secret(kept.id, kept.generation))
        return Answered(answered.status, encoded(secret), answered.version, answered.replayed)


class _Kept(msgspec.Struct, frozen=True):
    """Names a secret without telling it."""

    id: str
    generation: int


def _shown(hook: Hook) -> Webhook:
    return _told(hook, hook.ledger.state)


def _told(hook: Hook, state: WebhookState) -> Webhook:
    cursor = hook.delivery.cursor
    return Webhook(
        id=hook.registered.webhook,
        url=hook.registered.url,
        project=hook.registered.project,
        types=hook.registered.types,
        status="disabled" if state.disabled else "enabled",
        reason=f"{state.disabled.code}: {state.disabled.detail}" if state.disabled else None,
        position=cursor.position,
        tries=cursor.tries,
        fault=cursor.fault,
        dead_letters=len(state.dead),
        created_at=utc(hook.ledger.records[0].time_us),
    )


def _letter(letter: WebhookDeadLettered) -> DeadLetter:
    return DeadLetter(letter.position, letter.event, letter.attempts, letter.detail)
