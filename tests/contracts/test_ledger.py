"""Two who write one stream: nothing is lost, and each decides on what the other did."""

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from adapters.eventstore.ledger import StreamLedger
from adapters.eventstore.sqlite import SqliteLog
from adapters.webhooks.delivery import HookLedger
from domain.webhook import decide
from domain.webhook.events import WebhookDeadLettered, WebhookRegistered, WebhookRemoved, decode
from domain.webhook.state import WebhookState, apply
from tests.e2e.workshop import by

HOOK = WebhookRegistered("h", "https://example.com/", 0)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[SqliteLog]:
    log = SqliteLog(tmp_path / "log.db", "normal")
    yield log
    log.close()


def ledger(log: SqliteLog) -> HookLedger:
    return StreamLedger(log, "webhook-h", "webhooks", WebhookState(), apply, decode)


async def test_a_decision_is_made_again_on_what_somebody_else_added(log: SqliteLog) -> None:
    one = ledger(log)
    await one.request(partial(decide.register, HOOK), by("first"))
    other = ledger(log)
    letters = [WebhookDeadLettered(number, f"e{number}", 8, "no") for number in range(20)]
    both = (one.note(partial(decide.bury, letter)) for letter in letters[:10])
    rest = (other.note(partial(decide.bury, letter)) for letter in letters[10:])
    await asyncio.gather(*both, *rest)
    for seen in (one, other):
        await seen.catch_up()
        assert sorted(seen.state.dead) == list(range(20))
        assert seen.state.version == log.version("webhook-h") == 21


async def test_what_no_longer_holds_is_not_added(log: SqliteLog) -> None:
    one = ledger(log)
    await one.request(partial(decide.register, HOOK), by("first"))
    other = ledger(log)
    await other.request(decide.remove, by("second"))
    await one.note(partial(decide.disable, "webhook_gone", "late"))
    assert [decode(record.payload) for record in log.read("webhook-h")] == [HOOK, WebhookRemoved()]
    assert one.state.removed
