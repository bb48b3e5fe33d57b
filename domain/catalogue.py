"""Every fact that can be in the log: the storage format on a screen."""

from typing import get_args

import msgspec

from domain.library.events import LibraryFact
from domain.render.events import RenderFact
from domain.timeline.events import TimelineFact
from domain.upcasting import Shapes, Upcaster

FACTS: tuple[type[msgspec.Struct], ...] = (*get_args(LibraryFact), *get_args(TimelineFact), *get_args(RenderFact))

# An older tag, and what makes the next shape of it: a function beside the type that it leads to.
UPCASTERS: dict[str, Upcaster] = {}

SHAPES = Shapes((str(fact.__struct_config__.tag) for fact in FACTS), UPCASTERS)
