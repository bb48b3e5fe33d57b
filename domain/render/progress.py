"""How far a render is and how long it will still take, from its units' weights and what executors tell."""

from collections.abc import Mapping

from domain.render.events import RenderCompleted
from domain.render.state import RenderState

WHOLE = 1_000_000  # progress is in millionths
_JOINING = 50  # the joining's share of the whole is one in so many


def done(state: RenderState, parts: Mapping[str, int]) -> int:
    """Millionths of the work that are done. ``parts`` are the millionths of units that are being made.

    Only what this render had to make counts, and the joining at the end for a little.
    """
    if isinstance(state.ending, RenderCompleted):
        return WHOLE
    if state.plan is None:
        return 0
    weights = {unit.key: unit.weight for unit in state.plan.units if not unit.reused}
    joining = max(1, sum(unit.weight for unit in state.plan.units) // _JOINING)
    made = sum(weight * _part(key, state, parts) for key, weight in weights.items())
    return made // (sum(weights.values()) + joining)


def remaining_ms(done_now: int, done_at_start: int, elapsed_ms: int) -> int | None:
    """Milliseconds still to go at the pace since the start of the measurement; None before there is a pace."""
    gained = done_now - done_at_start
    if gained <= 0 or elapsed_ms <= 0:
        return None
    return (WHOLE - done_now) * elapsed_ms // gained


def _part(key: str, state: RenderState, parts: Mapping[str, int]) -> int:
    return WHOLE if key in state.done else min(WHOLE, max(0, parts.get(key, 0)))
