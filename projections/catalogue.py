"""Every projection there is. A new one is a module with a ``projection`` like these, and its name here."""

from projections import audit, library, renders, timelines
from projections.projection import Projection

MODULES = (timelines, library, audit, renders)


def projections() -> list[Projection]:
    """All of them, each with a state of its own: one set for each set of files."""
    return [module.projection() for module in MODULES]
