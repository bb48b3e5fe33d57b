"""Every fact that can be in the log: the storage format on a screen."""

from typing import get_args

import msgspec

from domain.library.events import LibraryFact
from domain.render.events import RenderFact
from domain.timeline.events import TimelineFact
from domain.upcasting import Shapes, Upcaster
from domain.webhook.events import WebhookFact

FACTS: tuple[type[msgspec.Struct], ...] = (
    *get_args(LibraryFact),
    *get_args(TimelineFact),
    *get_args(RenderFact),
    *get_args(WebhookFact),
)

# An older tag, and what makes the next shape of it: a function beside the type that it leads to.
UPCASTERS: dict[str, Upcaster] = {}


def tag_of(fact: type[msgspec.Struct]) -> str:
    """The tag that a fact of this type is stored under."""
    return str(fact.__struct_config__.tag)


SHAPES = Shapes((tag_of(fact) for fact in FACTS), UPCASTERS)
