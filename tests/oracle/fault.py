"""A difference between a film and its timeline."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Something that is not as the timeline says. ``at`` is a frame or a sample of the film."""

    kind: str
    at: int
    detail: str
