"""A measured figure, and how a time is taken: the best of several runs, since noise only ever adds."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``value`` of ``unit``; ``beside`` says what it was compared with, or the budget it is held to."""

    what: str
    value: float
    unit: str
    beside: str = ""


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Seconds that the fastest of ``runs`` took."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
