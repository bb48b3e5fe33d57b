"""Time as people write it, taken exactly: decimal seconds, timecodes and frames into flicks, and flicks into seconds.

No binary float is involved anywhere. A time between two flicks (1/705,600,000 s) is the nearest one, a half later.
"""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Protocol

FLICKS_PER_SECOND = 705_600_000
FURTHEST_SECOND = 10**9  # times a flick this is well inside 64 bits; the core's own limit is nearer
MILLION = 1_000_000

_TIMECODE = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d(?:\.\d{1,12})?)\Z", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(?:\.\d{1,24})?\Z", re.ASCII)
EXPECTED = 'a time is seconds (12.5 or "12.5"), "HH:MM:SS.mmm" or {"frame": n}'


class Rate(Protocol):
    """Frames a second as a fraction; a frame is a whole number of flicks."""

    @property
    def num(self) -> int:
        """Frames in ``den`` seconds."""

    @property
    def den(self) -> int:
        """See ``num``."""


class Moment:
    """A time or a length as a request says it. It becomes flicks once the frame rate is known."""

    __slots__ = ("_flicks", "_frame")

    def __init__(self, *, flicks: int | None = None, frame: int | None = None) -> None:
        """Exactly one of ``flicks`` and ``frame``."""
        self._flicks = flicks
        self._frame = frame

    def flicks(self, rate: Rate) -> int:
        """In flicks; frames are those of ``rate``."""
        if self._flicks is not None:
            return self._flicks
        return (self._frame or 0) * frame_length(rate)

    def __eq__(self, other: object) -> bool:
        """Said the same way."""
        return isinstance(other, Moment) and (self._flicks, self._frame) == (other._flicks, other._frame)

    def __hash__(self) -> int:
        """As equality."""
        return hash((self._flicks, self._frame))

    def __repr__(self) -> str:
        """For tests and logs."""
        return f"Moment(frame={self._frame})" if self._flicks is None else f"Moment(flicks={self._flicks})"


class Place(Moment):
    """A time on a track, or behind everything that lies there (``"end"``)."""

    __slots__ = ("is_end",)

    def __init__(self, *, flicks: int | None = None, frame: int | None = None, end: bool = False) -> None:
        """A moment, or the end."""
        super().__init__(flicks=flicks, frame=frame)
        self.is_end = end


class Amount(int):
    """A gain or a fraction in millionths, from a decimal."""


class FrameRate(str):
    """Frames a second as they were said: a whole number or a fraction."""


def frame_rate(value: Any) -> FrameRate:
    """A decoded JSON value as a frame rate; ValueError for a decimal, which no frame rate of television exactly is."""
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return FrameRate(value)
    raise ValueError(
        'expected a whole number or a fraction, such as 30 or "30000/1001" (29.97) or "24000/1001" (23.976)'
    )


def moment(value: Any) -> Moment:
    """A decoded JSON value as a time; ValueError where it is none."""
    flicks, frame = _said(value)
    return Moment(flicks=flicks, frame=frame)


def place(value: Any) -> Place:
    """The same, where ``"end"`` is allowed too."""
    if value == "end":
        return Place(end=True)
    flicks, frame = _said(value)
    return Place(flicks=flicks, frame=frame)


def amount(value: Any) -> Amount:
    """A decoded JSON number, or one as a string, in millionths, rounded to the nearest; ValueError where it is none."""
    number = _decimal(value)
    if number is None or abs(number) > MILLION:
        raise ValueError("Expected a decimal number between -1000000 and 1000000")
    return Amount(_nearest(Fraction(number) * MILLION))


def _said(value: Any) -> tuple[int | None, int | None]:
    if isinstance(value, dict):
        return None, _frame(value)
    if isinstance(value, str) and (parts := _TIMECODE.match(value)):
        hours, minutes, seconds = parts.groups()
        return to_flicks(Decimal(3600 * int(hours) + 60 * int(minutes)) + Decimal(seconds)), None
    number = _decimal(value)
    if number is None:
        raise ValueError(f"Expected a time: {EXPECTED}")
    return to_flicks(number), None


def _frame(value: dict[str, Any]) -> int:
    frame = value.get("frame")
    if set(value) != {"frame"} or not isinstance(frame, int) or isinstance(frame, bool):
        raise ValueError('Expected {"frame": n} with a whole number n and nothing else')
    if abs(frame) > FURTHEST_SECOND:
        raise ValueError("That frame lies beyond what a timeline can hold")
    return frame


def _decimal(value: Any) -> Decimal | None:
    """The exact number of a JSON number or a decimal string; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value)
    if isinstance(value, str) and _DECIMAL.match(value):
        try:
            return Decimal(value)
        except InvalidOperation:
            return None
    return None


def to_flicks(seconds: Decimal) -> int:
    """The flick nearest to ``seconds``; ValueError beyond what a timeline could ever hold."""
    if not seconds.is_finite() or abs(seconds) > FURTHEST_SECOND:
        raise ValueError("That time lies beyond what a timeline can hold")
    return _nearest(Fraction(seconds) * FLICKS_PER_SECOND)


def _nearest(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def frame_length(rate: Rate) -> int:
    """One frame in flicks."""
    return FLICKS_PER_SECOND * rate.den // rate.num


def boundary(flicks: int, rate: Rate) -> int:
    """The frame boundary nearest to a time, a half later: as the core counts."""
    return _nearest(Fraction(flicks, frame_length(rate)))


def timecode(flicks: int) -> str:
    """``HH:MM:SS.mmm``, as :func:`moment` takes it; what is below a millisecond is left out."""
    milliseconds = flicks * 1000 // FLICKS_PER_SECOND
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def to_seconds(flicks: int) -> Decimal:
    """Decimal seconds with at most 9 places, enough to name the flick."""
    nanos = _nearest(Fraction(flicks * 10**9, FLICKS_PER_SECOND))
    return Decimal(nanos).scaleb(-9).normalize() + 0
