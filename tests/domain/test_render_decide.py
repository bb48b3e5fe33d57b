"""What a render does next: given what happened, when something is asked or reported, then this follows."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import Refused
from domain.render import decide
from domain.render.events import (
    PlannedUnit,
    RenderCancelled,
    RenderCompleted,
    RenderFact,
    RenderFailed,
    RenderPlanned,
    RenderRequested,
    UnitRendered,
)
from domain.render.messages import Broken, Outcome, Rendered
from domain.render.plan import Chunk, Expect, Plan, Segment, Slot, Unit, UnitKind
from domain.render.progress import WHOLE, done, remaining_ms
from domain.render.state import RenderState, apply, fold
from domain.timeline.events import Output, Rate

REQUESTED = RenderRequested("job", "p1", 3, "draft", "/out/film.mp4")
FILM = RenderCompleted("/out/film.mp4", "/out/film.mp4.manifest.json", "ab", 10, 60, 1_411_200_000)


def unit(key: str, *needs: str, kind: UnitKind = "segment", weight: int = 10) -> Unit:
    return Unit(key, kind, ".mp4", [], weight, Expect(), {}, list(needs), [], [])


PLAN = Plan(
    "plan", 60, 96_000, Output(64, 36, Rate(30, 1), 48_000, "#000000"),
    [Segment("s1", 0, 30), Segment("s2", 30, 30)], [Chunk("mix", 0, 95)],
    [unit("s1"), unit("s2"), unit("a1", kind="audio"), unit("mix", "a1", kind="mix")],
)  # fmt: skip
BEGUN = [REQUESTED, RenderPlanned("plan", 60, [PlannedUnit(made.key, made.kind, 10, False) for made in PLAN.units])]


def rendered(key: str, attempt: int = 1) -> Rendered:
    return Rendered("job", key, attempt, "me", "ab", 10, 5, False)


def broken(key: str, attempt: int = 1, *, retry: bool = True, lost: tuple[str, ...] = ()) -> Broken:
    return Broken("job", key, attempt, "me", "unit_failed", "because", retry, list(lost))


def after(*outcomes: Outcome) -> RenderState:
    state = fold(BEGUN)
    for outcome in outcomes:
        for fact in decide.settle(outcome, state):
            state = apply(state, fact)
    return state


def keys(units: list[Unit]) -> list[str]:
    return [made.key for made in units]


def test_what_reads_another_units_result_waits_for_it() -> None:
    assert keys(decide.ready(PLAN, after())) == ["s1", "s2", "a1"]
    assert keys(decide.ready(PLAN, after(rendered("a1"), rendered("s1")))) == ["s2", "mix"]


def test_what_is_stored_is_reused_and_what_only_it_was_made_of_is_not_wanted() -> None:
    [fact] = decide.begin(PLAN, {"s1", "mix"}, [], fold([REQUESTED]))
    assert isinstance(fact, RenderPlanned)
    assert [made.key for made in fact.units if not made.reused] == ["s2"]


def test_the_same_plan_is_begun_once_and_another_one_takes_its_place() -> None:
    assert decide.begin(PLAN, set(), [], after(rendered("s1"))) == []
    other = msgspec.structs.replace(PLAN, plan_hash="other")
    assert len(decide.begin(other, {"s1"}, [], after(rendered("s1")))) == 1


def test_an_outcome_counts_once() -> None:
    assert decide.settle(rendered("s1"), after(rendered("s1"))) == []


def test_an_outcome_of_an_older_attempt_says_nothing_any_more() -> None:
    state = after(broken("s1"))
    assert state.attempts["s1"] == 2
    assert decide.settle(rendered("s1", attempt=1), state) == []
    assert decide.settle(broken("s1", attempt=1), state) == []
    assert decide.settle(rendered("s1", attempt=2), state) != []


def test_an_outcome_of_an_unplanned_unit_says_nothing() -> None:
    assert decide.settle(rendered("stranger"), after()) == []


def test_the_third_failure_of_a_unit_ends_the_render_with_its_reason() -> None:
    state = after(broken("s1", 1), broken("s1", 2))
    assert state.is_open
    assert decide.settle(broken("s1", 3), state)[-1] == RenderFailed("unit_failed", "because", "s1")


def test_a_failure_that_would_come_again_ends_it_at_once() -> None:
    assert not after(broken("s1", retry=False)).is_open


def test_a_unit_that_misses_what_it_reads_has_that_made_again_first() -> None:
    state = after(rendered("a1"), broken("mix", lost=("a1",)))
    assert (state.attempts["a1"], state.attempts["mix"]) == (2, 2)
    assert keys(decide.ready(PLAN, state)) == ["s1", "s2", "a1"]


def test_a_result_that_is_lost_again_and_again_ends_the_render() -> None:
    state = after()
    for attempt in (1, 2, 3):
        for fact in decide.settle(rendered("s1", attempt), state):
            state = apply(state, fact)
        for fact in decide.lose(["s1"], state):
            state = apply(state, fact)
    assert isinstance(state.ending, RenderFailed)
    assert state.ending.code == "segment_lost"


def test_what_was_never_there_is_not_lost() -> None:
    assert decide.lose(["s1"], after()) == []


def test_a_render_is_cancelled_once() -> None:
    assert decide.cancel(after()) == [RenderCancelled()]
    assert decide.cancel(fold([*BEGUN, RenderCancelled()])) == []


@pytest.mark.parametrize(("facts", "code"), [([], "unknown_job"), ([*BEGUN, FILM], "job_finished")])
def test_what_is_not_there_or_has_ended_cannot_be_cancelled(facts: list[RenderFact], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        decide.cancel(fold(facts))
    assert refusal.value.code == code


@pytest.mark.parametrize("ending", [FILM, RenderFailed("unit_failed", "because"), RenderCancelled()])
def test_nothing_is_decided_about_a_render_that_has_ended(ending: RenderFact) -> None:
    state = fold([*BEGUN, UnitRendered("s1", 1, "me", "ab", 10, 5, False), ending])
    assert decide.ready(PLAN, state) == []
    assert decide.settle(rendered("s2"), state) == []
    assert decide.settle(broken("s2"), state) == []
    assert decide.lose(["s1"], state) == []
    assert decide.begin(msgspec.structs.replace(PLAN, plan_hash="other"), set(), [], state) == []
    assert decide.complete(FILM, state) == []
    assert decide.fail("render_failed", "late", state) == []


OUTCOMES = st.builds(
    lambda key, attempt, well, retry, lost: (
        rendered(key, attempt) if well else broken(key, attempt, retry=retry, lost=lost)
    ),
    st.sampled_from(["s1", "s2", "a1", "mix", "stranger"]),
    st.integers(1, 4),
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from(["a1", "s1"]), max_size=2).map(tuple),
)


@given(st.lists(OUTCOMES, max_size=40))
def test_whatever_is_reported_a_render_ends_at_most_once_and_progress_stays_in_bounds(outcomes: list[Outcome]) -> None:
    facts: list[RenderFact] = [*BEGUN]
    for outcome in outcomes:
        facts += decide.settle(outcome, fold(facts))
    endings = [fact for fact in facts if isinstance(fact, RenderFailed | RenderCompleted | RenderCancelled)]
    assert len(endings) <= 1
    assert not endings or facts[-1] == endings[0]
    state = fold(facts)
    assert all(attempt <= decide.ATTEMPTS + 1 for attempt in state.attempts.values())
    assert 0 <= done(state, {"s1": 500_000}) < WHOLE


def test_progress_is_what_had_to_be_made_and_whole_only_at_the_end() -> None:
    assert done(fold([REQUESTED]), {}) == 0
    half = done(after(rendered("s1"), rendered("a1")), {})
    assert 450_000 < half < done(after(rendered("s1"), rendered("a1")), {"s2": 500_000})
    everything = after(*(rendered(key) for key in ("s1", "s2", "a1", "mix")))
    assert 950_000 < done(everything, {}) < WHOLE
    assert done(apply(everything, FILM), {}) == WHOLE


def test_the_time_to_go_follows_from_the_pace() -> None:
    assert remaining_ms(250_000, 0, 1000) == 3000
    assert remaining_ms(750_000, 500_000, 1000) == 1000
    assert remaining_ms(500_000, 500_000, 1000) is None


@pytest.mark.parametrize("filling", [{}, {"media": "m", "out": True}, {"unit": "u", "file": "f"}])
def test_a_slot_has_exactly_one_filling(filling: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="exactly one"):
        Slot(**filling)  # type: ignore[arg-type]
