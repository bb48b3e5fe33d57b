"""Every projection there is."""

from projections import audit, library, renders, timelines
from projections.projection import Projection


def projections() -> list[Projection]:
    """All of them, each with a state of its own: one set for each set of files."""
    return [module.projection() for module in (timelines, library, audit, renders)]
