"""What a render does next. Each decision is a function of its arguments; the state comes last, facts come back.

A render ends exactly once: nothing is decided about one that has ended.
"""

from collections.abc import Set as AbstractSet

from domain.errors import Refused
from domain.render.events import (
    PlannedUnit,
    RenderCancelled,
    RenderCompleted,
    RenderFact,
    RenderFailed,
    RenderPlanned,
    RenderRequested,
    Tried,
    UnitFailed,
    UnitRendered,
)
from domain.render.messages import Broken, Outcome, Rendered
from domain.render.plan import Plan, Unit
from domain.render.state import RenderState

ATTEMPTS = 3  # at one unit, before the render fails


def request(wanted: RenderRequested, state: RenderState) -> list[RenderFact]:
    """Ask for a film; the same job is asked for once."""
    return [] if state.request else [wanted]


def begin(plan: Plan, stored: AbstractSet[str], encoders: list[Tried], state: RenderState) -> list[RenderFact]:
    """Take up a plan, with the units whose results are ``stored``. Nothing new when it is this plan already.

    ``encoders`` were tried on the way to it.
    """
    if not state.is_open or (state.plan and state.plan.plan_hash == plan.plan_hash):
        return []
    needed = wanted(plan, stored)
    units = [PlannedUnit(unit.key, unit.kind, unit.weight, unit.key not in needed) for unit in plan.units]
    return [RenderPlanned(plan.plan_hash, plan.frames, units, encoders)]


def wanted(plan: Plan, stored: AbstractSet[str]) -> set[str]:
    """The units to be made: what the film is joined from and what those are made from, as far as it isn't ``stored``.

    What only a stored unit was made from is not wanted.
    """
    units = {unit.key: unit for unit in plan.units}
    open_keys = plan.pieces
    missing: set[str] = set()
    while open_keys:
        key = open_keys.pop()
        if key not in stored and key not in missing:
            missing.add(key)
            open_keys += units[key].needs
    return missing


def ready(plan: Plan, state: RenderState) -> list[Unit]:
    """The units that could be made now: not done, and everything they read is."""
    if not state.is_open:
        return []
    return [unit for unit in plan.units if unit.key not in state.done and state.done.issuperset(unit.needs)]


def settle(outcome: Outcome, state: RenderState) -> list[RenderFact]:
    """Take note of an attempt's outcome. One of an older attempt, or of a unit that is done, says nothing any more."""
    current = state.attempts.get(outcome.unit) == outcome.attempt
    if not state.is_open or not current or outcome.unit in state.done:
        return []
    match outcome:
        case Rendered():
            return [
                UnitRendered(
                    outcome.unit,
                    outcome.attempt,
                    outcome.executor,
                    outcome.sha256,
                    outcome.size,
                    outcome.cpu_ms,
                    outcome.reused,
                )
            ]
        case Broken():
            fault = UnitFailed(outcome.unit, outcome.attempt, outcome.executor, outcome.code, outcome.detail)
            gone = lose(outcome.lost, state)
            ended = any(isinstance(fact, RenderFailed) for fact in gone)
            return gone if ended else [*gone, *_failed(fault, outcome.retry)]


def lose(units: list[str], state: RenderState) -> list[RenderFact]:
    """Results that were in the store are not there any more, or are damaged: make them again."""
    if not state.is_open:
        return []
    facts: list[RenderFact] = []
    for unit in units:
        if unit in state.done:
            gone = UnitFailed(unit, state.attempts[unit], "", "segment_lost", "Its result went missing or was damaged")
            facts += _failed(gone, retry=True)
            if isinstance(facts[-1], RenderFailed):
                break
    return facts


def complete(film: RenderCompleted, state: RenderState) -> list[RenderFact]:
    """The film is in place."""
    return [film] if state.is_open else []


def fail(code: str, detail: str, state: RenderState) -> list[RenderFact]:
    """There will be no film."""
    return [RenderFailed(code, detail)] if state.is_open else []


def cancel(state: RenderState) -> list[RenderFact]:
    """End it on request; asked twice, nothing new happens. A film that is done, or failed, can't be cancelled."""
    if state.request is None:
        raise Refused("unknown_job", "There is no such render")
    if isinstance(state.ending, RenderCompleted | RenderFailed):
        raise Refused("job_finished", f"Render {state.request.job} has ended already", ids=[state.request.job])
    return [] if state.ending else [RenderCancelled()]


def _failed(fault: UnitFailed, retry: bool) -> list[RenderFact]:
    if retry and fault.attempt < ATTEMPTS:
        return [fault]
    return [fault, RenderFailed(fault.code, fault.detail, fault.unit)]
