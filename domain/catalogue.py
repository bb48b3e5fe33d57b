"""Every fact that can be in the log: the storage format on a screen."""

from typing import get_args

from domain.library.events import LibraryFact
from domain.render.events import RenderFact
from domain.timeline.events import TimelineFact
from domain.webhook.events import WebhookFact

FACTS: tuple[type, ...] = (
    *get_args(LibraryFact),
    *get_args(TimelineFact),
    *get_args(RenderFact),
    *get_args(WebhookFact),
)


def tag_of(fact: type) -> str:
    """The tag that a fact of this type is stored under."""
    return str(fact.__struct_config__.tag)  # type: ignore[attr-defined]  # every one is a msgspec.Struct
