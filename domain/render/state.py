"""A render as its facts tell it."""

from collections.abc import Iterable

import msgspec

from domain.render.events import (
    RenderCancelled,
    RenderCompleted,
    RenderFact,
    RenderFailed,
    RenderPlanned,
    RenderRequested,
    UnitFailed,
    UnitRendered,
)

Ending = RenderCompleted | RenderFailed | RenderCancelled


class RenderState(msgspec.Struct, frozen=True):
    """What is known of a render. ``attempts`` is the attempt that counts now, by unit; ``done`` the units in the store.

    ``reused`` are the units of the plan that were there before this render. ``version`` is the stream's.
    """

    version: int = 0
    request: RenderRequested | None = None
    plan: RenderPlanned | None = None
    attempts: dict[str, int] = msgspec.field(default_factory=dict)
    done: frozenset[str] = frozenset()
    reused: frozenset[str] = frozenset()
    ending: Ending | None = None

    @property
    def is_open(self) -> bool:
        """Requested and not ended."""
        return self.request is not None and self.ending is None


def apply(state: RenderState, fact: RenderFact) -> RenderState:
    """The state one fact later."""
    changes = msgspec.structs.replace(state, version=state.version + 1)
    match fact:
        case RenderRequested():
            return msgspec.structs.replace(changes, request=fact)
        case RenderPlanned():
            return _planned(changes, fact)
        case UnitRendered(unit=unit, reused=reused):
            kept = state.reused | {unit} if reused else state.reused - {unit}
            return msgspec.structs.replace(changes, done=state.done | {unit}, reused=kept)
        case UnitFailed(unit=unit, attempt=attempt):
            return msgspec.structs.replace(
                changes,
                attempts={**state.attempts, unit: attempt + 1},
                done=state.done - {unit},
                reused=state.reused - {unit},
            )
        case RenderCompleted() | RenderFailed() | RenderCancelled():
            return msgspec.structs.replace(changes, ending=fact)


def fold(facts: Iterable[RenderFact]) -> RenderState:
    """The state after all of them."""
    state = RenderState()
    for fact in facts:
        state = apply(state, fact)
    return state


def _planned(state: RenderState, fact: RenderPlanned) -> RenderState:
    there = frozenset(unit.key for unit in fact.units if unit.reused)
    attempts = {unit.key: state.attempts.get(unit.key, 1) for unit in fact.units}
    return msgspec.structs.replace(state, plan=fact, attempts=attempts, done=there, reused=there)
