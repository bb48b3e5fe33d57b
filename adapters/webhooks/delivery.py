"""One webhook's way through the log: an event at a time, in order, until it is taken or given up.

An event is tried eight times, with longer and longer waits; then it is a dead letter, which is a fact in the log, and
those after it are sent. Three dead letters with nothing taken in between disable the webhook, and so does the answer
410. A webhook that is enabled again goes on where it ended.
"""

import asyncio
import random
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version

from msgspec.structs import replace

from adapters.eventstore.ledger import StreamLedger
from adapters.feed.events import MEDIA_TYPE, Event
from adapters.feed.feed import Feed
from adapters.feed.wanted import Wanted
from adapters.telemetry.metrics import Metrics
from adapters.webhooks.cursors import Cursor, Cursors
from adapters.webhooks.post import NotDelivered, Post
from adapters.webhooks.secrets import Secrets
from domain.errors import Refused
from domain.webhook import decide
from domain.webhook.events import WebhookDeadLettered, WebhookFact, WebhookRegistered
from domain.webhook.state import WebhookState

TRIES = 8
GIVEN_UP = 3  # in a row, after which the webhook is disabled
FIRST_WAIT = 2.0  # seconds; each wait is four times the one before: up to three hours in all
QUIET = 5.0  # seconds between two notes of how far it is, where nothing is wanted

OWN = "webhook-"  # a webhook's own facts go to no webhook: two that fail would write each other letters for ever

HookLedger = StreamLedger[WebhookState, WebhookFact]
_AGENT = f"stoat-ferret/{version('stoat-ferret')}"


class Delivery:
    """Sends events to one endpoint while ``run`` runs."""

    def __init__(
        self,
        hook: WebhookRegistered,
        ledger: HookLedger,
        feed: Feed,
        cursors: Cursors,
        post: Post,
        secrets: Secrets,
        metrics: Metrics,
    ) -> None:
        """Going on where the cursor is; where that was lost, where the log last noted it."""
        self._hook = hook
        self._ledger = ledger
        self._feed = feed
        self._cursors = cursors
        self._post = post
        self._secrets = secrets
        self._metrics = metrics
        noted, kept = Cursor(ledger.state.reached), cursors.read(hook.webhook)
        self.cursor = kept if kept and kept.position >= noted.position else noted

    async def run(self) -> None:
        """Until it is cancelled, the feed ends, or the webhook is disabled."""
        await self._within_the_log()
        chosen = Wanted(self._hook.project, frozenset(self._hook.types))
        async for batch in self._feed.follow_on(self.cursor.position, chosen, QUIET):
            if not await self._all(batch.events):
                return
            self._reach(batch.reached)
            await self._ledger.note(partial(decide.reach, self.cursor.position))

    async def send(self, event: Event) -> None:
        """Send an event once; raises ``NotDelivered``."""
        now = int(time.time())
        message, body = event.record.event_id, event.json
        generation = self._ledger.state.generation
        headers = {
            "Content-Type": MEDIA_TYPE,
            "User-Agent": _AGENT,
            "webhook-id": message,
            "webhook-timestamp": str(now),
            "webhook-signature": self._secrets.signature(self._hook.webhook, generation, message, now, body),
        }
        try:
            await self._post.send(self._hook.url, headers, body)
        except NotDelivered:
            self._metrics.webhook_deliveries.labels("failed").inc()
            raise
        self._metrics.webhook_deliveries.labels("delivered").inc()

    async def _within_the_log(self) -> None:
        """A log that was restored from an older backup gives positions again that were passed already."""
        try:
            await self._feed.check(self.cursor.position)
        except Refused:
            self._reach(self._ledger.records[-1].position)

    async def _all(self, events: list[Event]) -> bool:
        """Settle these, in order; False when the webhook was disabled over it."""
        for event in events:
            if not event.record.stream.startswith(OWN) and not await self._settle(event):
                return False
        return True

    async def _settle(self, event: Event) -> bool:
        """Send until it is taken or given up; False when nothing more is to be sent."""
        while True:
            try:
                await self.send(event)
            except NotDelivered as fault:
                self._keep(replace(self.cursor, tries=self.cursor.tries + 1, fault=str(fault)))
                if fault.gone:
                    await self._ledger.note(partial(decide.disable, "webhook_gone", str(fault)))
                    return False
                if self.cursor.tries >= TRIES:
                    return await self._give_up(event, str(fault))
                await asyncio.sleep(wait(self.cursor.tries))
            else:
                self._keep(Cursor(event.record.position))
                return True

    async def _give_up(self, event: Event, fault: str) -> bool:
        record, tries, row = event.record, self.cursor.tries, self.cursor.given_up + 1
        letter = WebhookDeadLettered(record.position, record.event_id, tries, fault)
        await self._ledger.note(partial(decide.bury, letter))
        self._metrics.webhook_deliveries.labels("given_up").inc()
        self._keep(Cursor(record.position, given_up=row, fault=fault))
        if row < GIVEN_UP:
            return True
        self._keep(replace(self.cursor, given_up=0))
        await self._ledger.note(partial(decide.disable, "webhook_failing", f"{row} events in a row: {fault}"))
        return False

    def _reach(self, position: int) -> None:
        """Nothing up to a position is left to do."""
        if position != self.cursor.position:
            self._keep(replace(self.cursor, position=position, tries=0))

    def _keep(self, cursor: Cursor) -> None:
        self.cursor = cursor
        self._cursors.keep(self._hook.webhook, cursor)


def wait(tries: int, chance: Callable[[], float] = random.random) -> float:
    """Seconds until the next try: half of it certain, half by chance, so that many do not come back at once."""
    return FIRST_WAIT * 4.0 ** (tries - 1) * (1 + chance()) / 2
