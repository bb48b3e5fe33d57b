"""The webhooks that there are, each with its delivery at work. They are found in the log when the server starts."""

import asyncio
from pathlib import Path

import structlog

from adapters.eventstore.ledger import StreamLedger
from adapters.eventstore.port import EventLog
from adapters.feed.feed import Feed
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
AFTER_DEFECT = 30.0  # seconds
ACTOR = "webhooks"  # of what follows from deliveries
_log = structlog.get_logger("webhooks")


class Hook:
    """One webhook: its facts, and its delivery."""

    def __init__(self, ledger: HookLedger, registered: WebhookRegistered, delivery: Delivery) -> None:
        """Nothing is sent yet."""
        self.ledger = ledger
        self.registered = registered
        self.delivery = delivery
        self.task: asyncio.Task[None] | None = None


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
        self.secrets = Secrets(folder / "key")
        self.post = Post(allow_private=allow_private, resolve=self._resolver)
        self.by_id: dict[str, Hook] = {}

    def start(self) -> None:
        """Go on with all of them."""
        for stream in self._log.streams(PREFIX):
            ledger = self.ledger(stream.removeprefix(PREFIX))
            if ledger.state.is_there:
                self.begin(ledger)

    async def stop(self) -> None:
        """End every delivery; what was not taken is sent again after the next start."""
        for name in list(self.by_id):
            await self.end(name)
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

    def begin(self, ledger: HookLedger) -> None:
        """Take up a webhook, and send unless it is disabled."""
        registered = ledger.state.registered
        assert registered is not None  # noqa: S101  # asked before
        shared = (self._feed, self._cursors, self.post, self.secrets, self._metrics)
        hook = self.by_id[registered.webhook] = Hook(ledger, registered, Delivery(registered, ledger, *shared))
        if ledger.state.disabled is None:
            hook.task = asyncio.create_task(_run(hook))

    async def end(self, webhook: str) -> None:
        """Stop sending, and let go of it."""
        hook = self.by_id.pop(webhook)
        if hook.task:
            hook.task.cancel()
            await asyncio.gather(hook.task, return_exceptions=True)

    def forget(self, webhook: str) -> None:
        """A webhook that was removed needs no cursor."""
        self._cursors.forget(webhook)


async def _run(hook: Hook) -> None:
    with structlog.contextvars.bound_contextvars(webhook=hook.registered.webhook):
        while True:
            try:
                return await hook.delivery.run()
            except Exception:  # noqa: BLE001  # a defect is told, and what it kept back is tried again
                _log.exception("webhook_broken")
                await asyncio.sleep(AFTER_DEFECT)
