"""Where two films differ: the stretches of frames that come from other units."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise

from domain.render.plan import Segment

Stretch = tuple[int, int]
"""Frames [first, last)."""


def changed(before: Sequence[Segment], after: Sequence[Segment]) -> list[Stretch]:
    """The stretches of frames that may look different, in order, none touching the next; of two films' segments.

    Outside them every frame is the same frame of the same unit. Units are what is coded in one go, up to a few seconds:
    a stretch may begin and end with frames that are alike.
    """
    cuts = {edge for film in (before, after) for one in film for edge in (one.start_frame, _end(one))}
    edges = sorted({0, *cuts})
    found: list[Stretch] = []
    for first, last in pairwise(edges):
        if _shown(before, first) == _shown(after, first):
            continue
        if found and found[-1][1] == first:
            first = found.pop()[0]
        found.append((first, last))
    return found


def _shown(film: Sequence[Segment], frame: int) -> tuple[str, int] | None:
    """The unit that holds a frame, and which of its frames it is; None beyond the film's end."""
    if not film or frame >= _end(film[-1]):
        return None
    segment = film[bisect_right(film, frame, key=lambda one: one.start_frame) - 1]
    return segment.key, frame - segment.start_frame


def _end(segment: Segment) -> int:
    return segment.start_frame + segment.frames
