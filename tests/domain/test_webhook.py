"""What becomes of a webhook, as decisions and as the fold of their facts."""

import pytest

from domain.errors import RULES, Refused
from domain.webhook import decide
from domain.webhook.events import (
    WebhookDeadLettered,
    WebhookDisabled,
    WebhookEnabled,
    WebhookFact,
    WebhookReached,
    WebhookRedelivered,
    WebhookRegistered,
    WebhookRemoved,
    WebhookSecretRotated,
)
from domain.webhook.state import WebhookState, apply

HOOK = WebhookRegistered("h", "https://example.com/", 7)
LETTER = WebhookDeadLettered(9, "event-9", 8, "The endpoint answered 500")
FAILING = WebhookDisabled("webhook_failing", "3 in a row")


def after(*facts: WebhookFact) -> WebhookState:
    state = WebhookState()
    for fact in facts:
        state = apply(state, fact)
    return state


def test_it_is_registered_once() -> None:
    assert decide.register(HOOK, after()) == [HOOK]
    assert decide.register(HOOK, after(HOOK)) == []


def test_it_is_disabled_and_enabled_as_often_as_it_takes() -> None:
    assert decide.disable(FAILING.code, FAILING.detail, after(HOOK)) == [FAILING]
    assert decide.disable(FAILING.code, "again", after(HOOK, FAILING)) == []
    assert decide.enable(after(HOOK, FAILING)) == [WebhookEnabled()]
    assert decide.enable(after(HOOK, FAILING, WebhookEnabled())) == []
    assert {FAILING.code, "webhook_gone"} <= set(RULES)


def test_a_dead_letter_waits_until_it_is_redelivered() -> None:
    assert decide.bury(LETTER, after(HOOK)) == [LETTER]
    assert decide.bury(LETTER, after(HOOK, LETTER)) == []
    assert decide.letter(9, after(HOOK, LETTER)) == LETTER
    assert decide.redeliver(9, after(HOOK, LETTER)) == [WebhookRedelivered(9)]
    gone = after(HOOK, LETTER, WebhookRedelivered(9))
    assert (gone.dead, decide.redeliver(9, gone)) == ({}, [])
    with pytest.raises(Refused, match="unknown_dead_letter"):
        decide.letter(9, gone)


def test_how_far_it_is_is_noted_once_in_a_while() -> None:
    assert decide.reach(7 + decide.NOTED - 1, after(HOOK)) == []
    assert decide.reach(7 + decide.NOTED, after(HOOK)) == [WebhookReached(7 + decide.NOTED)]
    assert decide.reach(7 + decide.NOTED, after(HOOK, WebhookReached(8))) == []
    assert after(HOOK, WebhookReached(8)).reached == 8


def test_each_new_secret_is_the_next_generation() -> None:
    assert decide.rotate(after(HOOK)) == [WebhookSecretRotated(2)]
    assert decide.rotate(after(HOOK, WebhookSecretRotated(2))) == [WebhookSecretRotated(3)]


@pytest.mark.parametrize("state", [after(), after(HOOK, WebhookRemoved())], ids=["never", "removed"])
def test_nothing_happens_to_one_that_is_not_there(state: WebhookState) -> None:
    for wish in (decide.enable, decide.rotate, decide.remove):
        with pytest.raises(Refused, match="unknown_webhook"):
            wish(state)
    assert decide.disable("webhook_gone", "", state) == []
    assert decide.bury(LETTER, state) == []
