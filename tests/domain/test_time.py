"""Time as people write it is taken exactly."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.time import FLICKS_PER_SECOND, amount, frame_length, frame_rate, moment, place, to_flicks, to_seconds
from domain.timeline.events import Rate

NTSC = Rate(30_000, 1001)
LONGEST = 10 * 86_400 * FLICKS_PER_SECOND


@pytest.mark.parametrize(
    ("written", "flicks"),
    [
        (0, 0),
        (1, 705_600_000),
        (Decimal("0.1"), 70_560_000),
        ("0.1", 70_560_000),
        (Decimal("1e-3"), 705_600),
        ("00:00:01.500", 1_058_400_000),
        ("01:02:03", 3723 * 705_600_000),
        ({"frame": 1}, 23_543_520),
        ({"frame": -2}, -47_087_040),
        (Decimal("-0.5"), -352_800_000),
    ],
)
def test_every_way_of_writing_a_time_is_exact(written: Any, flicks: int) -> None:
    assert moment(written).flicks(NTSC) == flicks


@pytest.mark.parametrize(
    "written",
    [
        True,
        None,
        [],
        "",
        "end",
        "1e3",
        " 1",
        "1.",
        "NaN",
        "inf",
        "１",
        "1:00",
        "00:60:00",
        "00:00:60",
        {"frame": 1.5},
        {"frame": True},
        {"frame": 1, "x": 2},
        {},
        10**10,
        Decimal("1e17"),
        {"frame": 10**10},
    ],
)
def test_what_is_no_time_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        moment(written)


def test_a_place_may_be_the_end() -> None:
    assert place("end").is_end
    assert not place(3).is_end
    assert place("3").flicks(NTSC) == 3 * FLICKS_PER_SECOND


@given(st.integers(0, LONGEST))
def test_seconds_with_nine_places_name_the_flick(flicks: int) -> None:
    seconds = to_seconds(flicks)
    assert -seconds.as_tuple().exponent <= 9
    assert to_flicks(seconds) == flicks


@given(st.decimals(-(10**6), 10**6, places=12))
def test_a_time_between_flicks_is_the_nearest_one(seconds: Decimal) -> None:
    assert abs(Fraction(seconds) * FLICKS_PER_SECOND - to_flicks(seconds)) <= Fraction(1, 2)


@pytest.mark.parametrize("rate", [Rate(24_000, 1001), Rate(25, 1), NTSC, Rate(60, 1)])
def test_a_frame_is_a_whole_number_of_flicks(rate: Rate) -> None:
    assert frame_length(rate) * rate.num == FLICKS_PER_SECOND * rate.den


@pytest.mark.parametrize(
    ("written", "millionths"),
    [(1, 1_000_000), (Decimal("0.3"), 300_000), ("0.0000005", 1), (Decimal("-0.25"), -250_000)],
)
def test_an_amount_is_kept_to_the_millionth(written: Any, millionths: int) -> None:
    assert amount(written) == millionths


@pytest.mark.parametrize("written", [True, None, "x", {}, Decimal("1e7")])
def test_what_is_no_amount_is_refused(written: Any) -> None:
    with pytest.raises(ValueError, match="decimal number"):
        amount(written)


def test_a_frame_rate_is_a_whole_number_or_a_fraction() -> None:
    assert (frame_rate(30), frame_rate("30000/1001")) == ("30", "30000/1001")
    for value in (Decimal("29.97"), True, None, [30]):
        with pytest.raises(ValueError, match="30000/1001"):
            frame_rate(value)
