"""Where films differ, against comparing them frame by frame."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from domain.render.changed import changed
from domain.render.plan import Segment

FILMS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 4)), max_size=8)


def film(parts: list[tuple[str, int]]) -> list[Segment]:
    """Segments one after the other."""
    made: list[Segment] = []
    for key, frames in parts:
        start = made[-1].start_frame + made[-1].frames if made else 0
        made.append(Segment(key, start, frames))
    return made


@given(FILMS, FILMS)
def test_every_frame_that_differs_is_in_a_stretch_and_no_other(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    old, new = ([(key, n) for key, frames in parts for n in range(frames)] for parts in (before, after))
    length = max(len(old), len(new))
    differ = {n for n in range(length) if old[n : n + 1] != new[n : n + 1]}
    stretches = changed(film(before), film(after))
    assert {n for first, last in stretches for n in range(first, last)} == differ
    assert all(one[1] < other[0] for one, other in pairwise(stretches))
