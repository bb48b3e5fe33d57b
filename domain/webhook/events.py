"""The facts of a webhook. Names, tags and fields here are the storage format: add, never edit.

A webhook's stream is ``webhook-<id>``. A single delivery that succeeds is no fact, and a secret never is: the log is
kept for ever and copied about. ``generation`` says which secret, see ``adapters/webhooks/secrets.py``.
"""

import msgspec


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="type"):
    """Base of every fact of a webhook."""


class WebhookRegistered(Fact, frozen=True, tag="webhook_registered.1"):
    """Events after a position go to this URL: those of a project, or of all, and of these types, or all."""

    webhook: str
    url: str
    after: int
    project: str | None = None
    types: list[str] = []


class WebhookDisabled(Fact, frozen=True, tag="webhook_disabled.1"):
    """Nothing is sent any more until it is enabled again. ``code`` is one of ``domain.errors.RULES``."""

    code: str
    detail: str


class WebhookEnabled(Fact, frozen=True, tag="webhook_enabled.1"):
    """Sending goes on where it ended."""


class WebhookRemoved(Fact, frozen=True, tag="webhook_removed.1"):
    """It is gone for good."""


class WebhookSecretRotated(Fact, frozen=True, tag="webhook_secret_rotated.1"):
    """There is a new secret; the one before it is signed with as well until the next one."""

    generation: int


class WebhookDeadLettered(Fact, frozen=True, tag="webhook_dead_lettered.1"):
    """The event at a position was given up after so many attempts, and those after it are sent."""

    position: int
    event: str
    attempts: int
    detail: str


class WebhookReached(Fact, frozen=True, tag="webhook_reached.1"):
    """Everything up to a position has been settled. Noted once in a while: what lies between is kept elsewhere."""

    position: int


class WebhookRedelivered(Fact, frozen=True, tag="webhook_redelivered.1"):
    """The event at a position, given up before, was sent again and taken."""

    position: int


WebhookFact = (
    WebhookRegistered
    | WebhookDisabled
    | WebhookEnabled
    | WebhookRemoved
    | WebhookSecretRotated
    | WebhookDeadLettered
    | WebhookReached
    | WebhookRedelivered
)


_DECODER: msgspec.msgpack.Decoder[WebhookFact] = msgspec.msgpack.Decoder(WebhookFact)


def decode(payload: bytes) -> WebhookFact:
    """A stored fact; raises msgspec.ValidationError when it is none of these."""
    return _DECODER.decode(payload)
