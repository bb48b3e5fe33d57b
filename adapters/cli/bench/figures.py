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


def within(budget: float, what: str, seconds: float, beside: str) -> Figure:
    """A time held to a budget in seconds: kept to where the value is at most 1."""
    return Figure(what, seconds / budget, "of its budget", f"{1000 * seconds:.3g} of {1000 * budget:g} ms; {beside}")


def reaching(goal: float, what: str, rate: float, beside: str) -> Figure:
    """A rate held to a goal, both a second: reached where the value is at least 1."""
    return Figure(what, rate / goal, "of its goal", f"{rate:,.0f} of {goal:,}/s; {beside}")


def best_of(runs: int, work: Callable[[], object]) -> float:
    """Seconds that the fastest of ``runs`` took."""
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
