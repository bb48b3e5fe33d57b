"""A webhook as its facts tell it."""

import msgspec

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


class WebhookState(msgspec.Struct, frozen=True):
    """What is known of a webhook. Everything up to ``reached`` is settled, and maybe more.

    ``dead`` are the letters that were given up and not sent since, by position.
    """

    version: int = 0
    registered: WebhookRegistered | None = None
    disabled: WebhookDisabled | None = None
    removed: bool = False
    generation: int = 1
    reached: int = 0
    dead: dict[int, WebhookDeadLettered] = {}

    @property
    def is_there(self) -> bool:
        """Registered and not removed."""
        return self.registered is not None and not self.removed


def apply(state: WebhookState, fact: WebhookFact) -> WebhookState:
    """The state one fact later."""
    changes = msgspec.structs.replace(state, version=state.version + 1)
    match fact:
        case WebhookRegistered():
            return msgspec.structs.replace(changes, registered=fact, reached=fact.after)
        case WebhookDisabled():
            return msgspec.structs.replace(changes, disabled=fact)
        case WebhookEnabled():
            return msgspec.structs.replace(changes, disabled=None)
        case WebhookRemoved():
            return msgspec.structs.replace(changes, removed=True)
        case WebhookSecretRotated(generation=generation):
            return msgspec.structs.replace(changes, generation=generation)
        case WebhookDeadLettered(position=position):
            return msgspec.structs.replace(changes, dead={**state.dead, position: fact})
        case WebhookReached(position=position):
            return msgspec.structs.replace(changes, reached=position)
        case WebhookRedelivered(position=position):
            left = {place: letter for place, letter in state.dead.items() if place != position}
            return msgspec.structs.replace(changes, dead=left)
