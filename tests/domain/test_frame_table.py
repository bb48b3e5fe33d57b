"""A frame table holds every presentation time, whatever their order and spacing."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.library.media import FrameTable, Ratio, VideoStream, frame_rate

TIMES = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=200)


@given(TIMES, st.integers(1, 10**6))
def test_every_time_is_kept_once_and_in_order(times: list[int], last: int) -> None:
    table = FrameTable.of(times, last)
    assert list(table.times()) == sorted(set(times))
    assert len(table) == len(set(times))
    assert table.end == max(times) + last


@given(TIMES, st.integers(1, 10**6))
def test_a_table_survives_storage(times: list[int], last: int) -> None:
    table = FrameTable.of(times, last)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(table), type=FrameTable) == table


def test_a_constant_rate_is_one_run() -> None:
    assert FrameTable.of(range(100, 200, 10), 10) == FrameTable(100, [(10, 9)], 10)


@pytest.mark.parametrize(("times", "last"), [([], 1), ([0], 0), ([0], -1)])
def test_a_table_without_frames_or_without_time_cannot_be_made(times: list[int], last: int) -> None:
    with pytest.raises(ValueError, match="frame"):
        FrameTable.of(times, last)


def test_the_rate_is_exact() -> None:
    stream = VideoStream(
        index=0,
        codec="h264",
        width=640,
        height=360,
        sar=Ratio(1, 1),
        rotation=0,
        time_base=Ratio(1, 30_000),
        frames=FrameTable(5, [(1001, 299)], 1001),
        pix_fmt="yuv420p",
        color_range=None,
        color_space=None,
        color_primaries=None,
        color_transfer=None,
    )
    assert frame_rate(stream) == Fraction(30_000, 1001)
    assert frame_rate(msgspec.structs.replace(stream, frames=FrameTable(5, [], 1001))) is None
