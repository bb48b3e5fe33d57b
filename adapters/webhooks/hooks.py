"""The webhooks that there are, as the log has them, each with its delivery at work.

Where several processes share a log, each of them knows every webhook, and the one that leads sends.
"""

import asyncio
from pathlib import Path

import structlog

from adapters.eventstore.ledger import StreamLedger
from adapters.eventstore.port import EventLog
from adapters.feed.feed import Feed
from adapters.feed.wanted import NAMES, Wanted
from adapters.tasks import end
from adapters.telemetry.metrics import Metrics
from adapters.webhooks.cursors import Cursors
from adapters.webhooks.delivery import Delivery, HookLedger
from adapters.webhooks.post import Post, Resolver
from adapters.webhooks.secrets import Secrets
from domain.errors import Refused
from domain.ids import WebhookId, webhook_stream
from domain.webhook.events import WebhookRegistered, decode
from domain.webhook.state import WebhookState, apply

PREFIX = "webhook-"
ACTOR = "webhooks"  # of what follows from deliveries
LOOK = 1.0  # seconds between two looks at who leads
AFTER_DEFECT = 30.0  # seconds
_OWN = Wanted(types=frozenset(name for name in NAMES if name.startswith("webhook_")))
_log = structlog.get_logger("webhooks")


class Hook:
    """One webhook: its facts, and its delivery while it is at work here."""

    def __init__(self, ledger: HookLedger, registered: WebhookRegistered, delivery: Delivery) -> None:
        """Nothing is sent yet."""
        self.ledger = ledger
        self.registered = registered
        self.delivery = delivery
        self.task: asyncio.Task[None] | None = None

    async def rest(self) -> None:
        """Send nothing for now; what was not taken is sent again."""
        task, self.task = self.task, None
        if task:
            await end([task])


class Hooks:
    """Every webhook that was not removed, between ``start`` and ``stop``, in one event loop."""

    def __init__(self, log: EventLog, feed: Feed, metrics: Metrics, folder: Path, *, allow_private: bool) -> None:
        """The key and the cursors are in ``folder``."""
        folder.mkdir(mode=0o700, exist_ok=True)
        self._log = log
        self._feed = feed
        self._metrics = metrics
        self._resolver = Resolver()
        self._cursors = Cursors(folder / "cursors.db")
        self._following: asyncio.Task[None] | None = None
        self.turn = asyncio.Lock()  # held over every change of which webhooks there are
        self.secrets = Secrets(folder / "key")
        self.post = Post(allow_private=allow_private, resolve=self._resolver)
        self.by_id: dict[str, Hook] = {}

    async def start(self) -> None:
        """Go on with all of them, and with what becomes of them."""
        position = self._log.position()
        async with self.turn:
            for stream in self._log.streams(PREFIX):
                await self.renew(self.ledger(stream.removeprefix(PREFIX)))
        self._following = asyncio.create_task(self._follow(position))

    async def stop(self) -> None:
        """End every delivery."""
        if self._following:
            await end([self._following])
        for hook in self.by_id.values():
            await hook.rest()
        await self.post.close()
        self._resolver.close()
        self._cursors.close()

    def ledger(self, webhook: str) -> HookLedger:
        """A webhook's stream, empty for a new one."""
        stream = webhook_stream(WebhookId(webhook))
        return StreamLedger(self._log, stream, ACTOR, WebhookState(), apply, decode)

    def find(self, webhook: str) -> Hook:
        """A webhook that is there."""
        if webhook not in self.by_id:
            raise Refused("unknown_webhook", "There is no such webhook", ids=[webhook[:64]])
        return self.by_id[webhook]

    async def renew(self, ledger: HookLedger) -> None:
        """Do as a webhook's facts say: begin anew with it, or let go of it."""
        registered = ledger.state.registered
        if registered is None:
            return
        if (before := self.by_id.pop(registered.webhook, None)) is not None:
            await before.rest()
        if ledger.state.removed:
            self._cursors.forget(registered.webhook)
            return
        shared = (self._feed, self._cursors, self.post, self.secrets, self._metrics)
        hook = self.by_id[registered.webhook] = Hook(ledger, registered, Delivery(registered, ledger, *shared))
        await self._set_to_work(hook)

    async def _set_to_work(self, hook: Hook) -> None:
        wanted = self._log.leads and hook.ledger.state.disabled is None
        if wanted and hook.task is None:
            hook.task = asyncio.create_task(_run(hook))
        elif not self._log.leads:
            await hook.rest()

    async def _follow(self, position: int) -> None:
        """Hear what other processes do with webhooks, and begin or end to lead."""
        left: set[str] = set()  # webhooks that something happened to
        async for batch in self._feed.follow_on(position, _OWN, LOOK):
            left |= {event.record.stream.removeprefix(PREFIX) for event in batch.events}
            try:
                async with self.turn:
                    for webhook in sorted(left):
                        await self._heard(webhook)
                        left.discard(webhook)
                    for hook in list(self.by_id.values()):
                        await self._set_to_work(hook)
            except Exception:  # noqa: BLE001  # the log may be back at the next look, and what is left is heard then
                _log.exception("webhooks_not_followed", left=len(left))

    async def _heard(self, webhook: str) -> None:
        """Something happened to a webhook; where it was done here there is nothing left to do."""
        hook = self.by_id.get(webhook)
        if hook is None:
            await self.renew(self.ledger(webhook))
            return
        before = hook.ledger.state
        await hook.ledger.catch_up()
        if hook.ledger.state is not before:
            await self.renew(hook.ledger)


async def _run(hook: Hook) -> None:
    with structlog.contextvars.bound_contextvars(webhook=hook.registered.webhook):
        while True:
            try:
                return await hook.delivery.run()
            except Exception:  # noqa: BLE001  # a defect is told, and what it kept back is tried again
                _log.exception("webhook_broken")
                await asyncio.sleep(AFTER_DEFECT)
