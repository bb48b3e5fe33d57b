"""What happens to a webhook. Each decision is a function of its arguments; the state comes last, facts come back.

Asked twice, nothing new happens.
"""

from domain.errors import Refused
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
from domain.webhook.state import WebhookState

NOTED = 1_000  # positions: what is sent again, at most, where the cursor was lost


def register(wanted: WebhookRegistered, state: WebhookState) -> list[WebhookFact]:
    """Begin to send."""
    return [] if state.registered else [wanted]


def remove(state: WebhookState) -> list[WebhookFact]:
    """Never send again."""
    _there(state)
    return [WebhookRemoved()]


def disable(code: str, detail: str, state: WebhookState) -> list[WebhookFact]:
    """Send nothing until somebody looks at it."""
    return [WebhookDisabled(code, detail)] if state.is_there and not state.disabled else []


def enable(state: WebhookState) -> list[WebhookFact]:
    """Go on sending."""
    _there(state)
    return [WebhookEnabled()] if state.disabled else []


def rotate(state: WebhookState) -> list[WebhookFact]:
    """Sign with a new secret, and for the time being with the one before."""
    _there(state)
    return [WebhookSecretRotated(state.generation + 1)]


def reach(position: int, state: WebhookState) -> list[WebhookFact]:
    """Note how far it is, once in a while."""
    return [WebhookReached(position)] if state.is_there and position - state.reached >= NOTED else []


def bury(letter: WebhookDeadLettered, state: WebhookState) -> list[WebhookFact]:
    """Give an event up, visibly."""
    return [letter] if state.is_there and letter.position not in state.dead else []


def redeliver(position: int, state: WebhookState) -> list[WebhookFact]:
    """A letter that was given up has been taken after all."""
    return [WebhookRedelivered(position)] if state.is_there and position in state.dead else []


def letter(position: int, state: WebhookState) -> WebhookDeadLettered:
    """The letter that was given up at a position."""
    _there(state)
    if position not in state.dead:
        raise Refused("unknown_dead_letter", f"No event at position {position} was given up", "position")
    return state.dead[position]


def _there(state: WebhookState) -> WebhookRegistered:
    if state.registered is None or state.removed:
        raise Refused("unknown_webhook", "There is no such webhook")
    return state.registered
