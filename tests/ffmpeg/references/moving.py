"""What a value that moves is, without the core: by fractions, and by halving for Béziers."""

from fractions import Fraction
from itertools import pairwise

from domain.timeline.events import Bezier, Key

CSS = {
    "ease_in": Bezier(420_000, 0, 1_000_000, 1_000_000),
    "ease_out": Bezier(0, 0, 580_000, 1_000_000),
    "ease_in_out": Bezier(420_000, 0, 580_000, 1_000_000),
}


def value(keys: list[Key], t: Fraction | int) -> Fraction:
    """In millionths, to the nearest, a half upwards; ``t`` in flicks."""
    if t < keys[0].t:
        return Fraction(keys[0].value)
    for key, after in pairwise(keys):
        if t < after.t:
            part = gone(key, Fraction(t - key.t) / (after.t - key.t))
            exact = key.value + (after.value - key.value) * part
            return Fraction((2 * exact.numerator + exact.denominator) // (2 * exact.denominator))
    return Fraction(keys[-1].value)


def gone(key: Key, part: Fraction) -> Fraction:
    """How much of the way is gone when a part of the time is."""
    if key.easing == "hold":
        return Fraction(0)
    if key.easing == "linear":
        return part
    bend = CSS[key.easing] if isinstance(key.easing, str) else key.easing
    low, high = Fraction(0), Fraction(1)
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if along(bend.x1, bend.x2, middle) < part else (low, middle)
    return along(bend.y1, bend.y2, high)


def along(a: int, b: int, s: Fraction) -> Fraction:
    return 3 * (1 - s) ** 2 * s * Fraction(a, 10**6) + 3 * (1 - s) * s**2 * Fraction(b, 10**6) + s**3
