"""The jobs' view: from the request to the end, with what was reused."""

from pathlib import Path

import pytest

from domain.render.events import (
    RenderCancelled,
    RenderCompleted,
    RenderFailed,
    RenderPlanned,
    UnitFailed,
    UnitRendered,
)
from projections import renders
from tests.projections.live import Live
from tests.projections.story import Story, requested, unit

SHA = "ab" * 32


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def live(story: Story, tmp_path: Path) -> Live:
    return Live(story, tmp_path, renders.projection())


def rendered(key: str, reused: bool = False) -> UnitRendered:
    return UnitRendered(key, 1, "x1", SHA, 100, 5, reused)


def completed(job: str) -> RenderCompleted:
    return RenderCompleted(f"/films/{job}.mp4", f"/films/{job}.json", SHA, 1234, 90, 3 * 705_600_000)


def test_a_job_from_request_to_film(story: Story, live: Live) -> None:
    story.tell("render-r1", requested("r1"), actor="ann")
    job = live.job("r1")
    assert (job.status, job.progress, job.project_id, job.version, job.preset) == ("queued", 0.0, "p1", 3, "standard")
    assert (job.started_at, job.completed_at, job.units.total) == (None, None, 0)

    story.tell("render-r1", RenderPlanned("plan", 90, [unit("a", 3, reused=True), unit("b", 5), unit("c", 2)]))
    job = live.job("r1")
    assert (job.status, job.units.total, job.units.reused, job.units.done) == ("running", 3, 1, 1)
    assert job.progress == 0.3

    story.tell("render-r1", rendered("b"))
    story.tell("render-r1", rendered("c", reused=True))
    job = live.job("r1")
    assert (job.units.reused, job.units.done, job.progress) == (2, 3, 1.0)

    story.tell("render-r1", completed("r1"))
    job = live.job("r1")
    assert (job.status, job.sha256, job.size, job.frames) == ("completed", SHA, 1234, 90)
    assert job.created_at < (job.started_at or "") < (job.completed_at or "")


def test_a_result_that_was_lost_is_not_done_any_more(story: Story, live: Live) -> None:
    story.tell("render-r1", requested("r1"), RenderPlanned("plan", 90, [unit("a", reused=True), unit("b")]))
    story.tell("render-r1", rendered("b"))
    story.tell("render-r1", UnitFailed("a", 1, "x1", "render_failed", "gone from the store"))
    job = live.job("r1")
    assert (job.units.done, job.units.reused) == (1, 0)


def test_a_new_plan_takes_the_place_of_the_old(story: Story, live: Live) -> None:
    story.tell("render-r1", requested("r1"), RenderPlanned("old", 90, [unit("a"), unit("b")]))
    started = live.job("r1").started_at
    story.tell("render-r1", RenderPlanned("new", 60, [unit("b", reused=True), unit("c")]))
    job = live.job("r1")
    assert (job.plan_hash, job.frames, job.units.total, job.units.done) == ("new", 60, 2, 1)
    assert job.started_at == started


def test_a_failure_says_what_to_try(story: Story, live: Live) -> None:
    story.tell("render-r1", requested("r1"), RenderFailed("storage_full", "no room for unit a"))
    job = live.job("r1")
    assert job.status == "failed"
    assert job.error is not None
    assert (job.error.code, job.error.title, job.error.detail) == (
        "storage_full",
        "The disk is full",
        "no room for unit a",
    )
    assert job.error.suggestion


def test_a_cancelled_job_has_ended(story: Story, live: Live) -> None:
    story.tell("render-r1", requested("r1"), RenderCancelled())
    job = live.job("r1")
    assert job.status == "cancelled"
    assert job.completed_at is not None


def test_the_newest_job_comes_first(story: Story, live: Live) -> None:
    for job in ("r1", "r2", "r3"):
        story.tell(f"render-{job}", requested(job))
    first = live.ask.jobs(2)
    assert [job.job_id for job in first.items] == ["r3", "r2"]
    story.tell("render-r4", requested("r4"))
    rest = live.ask.jobs(2, first.next_cursor)
    assert ([job.job_id for job in rest.items], rest.next_cursor) == (["r1"], None)


def test_facts_of_a_job_that_was_never_requested_are_parked(story: Story, live: Live) -> None:
    story.tell("render-r1", rendered("a"))
    story.tell("render-r2", requested("r2"))
    assert live.job("r2").status == "queued"
    assert [parked.stream for parked in live.parked] == ["render-r1"]
