"""Waiting that gets in nobody's way: long polls at the shutdown, and lists of a view that does not come along."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.app import lists
from adapters.app.asking import Asked, Caller
from adapters.app.closing import Closing
from adapters.app.jobs import Jobs, Work, new_job
from adapters.app.keys import Keys
from adapters.app.lists import Lists
from adapters.eventstore.sqlite import SqliteLog
from adapters.views.queries import Queries
from adapters.views.runner import Runner
from domain.errors import Refused
from projections.catalogue import projections
from tests.contracts.eventstore import put


async def forever(_: Work) -> dict[str, object]:
    await asyncio.Event().wait()
    return {}


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Keys]:
    log = SqliteLog(tmp_path / "keys.db", "normal")
    yield Keys(log)
    log.close()


async def test_a_long_poll_ends_when_the_shutdown_begins(keys: Keys) -> None:
    closing = Closing()
    jobs = Jobs(keys, closing)
    jobs.start(name := new_job(), "scan", forever)
    waiting = asyncio.create_task(jobs.see(name, 3600))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    closing.begin()
    assert (await asyncio.wait_for(waiting, 60)).status == "running"
    assert (await asyncio.wait_for(jobs.see(name, 3600), 60)).status == "running"
    await jobs.stop()


async def test_a_job_that_ends_is_told_at_once_and_one_that_does_not_after_the_wait(keys: Keys) -> None:
    jobs = Jobs(keys, Closing())
    jobs.start(name := new_job(), "scan", forever)
    assert (await jobs.see(name, 0.01)).status == "running"
    waiting = asyncio.create_task(jobs.see(name, 3600))
    await asyncio.sleep(0)
    await jobs.cancel(name, Asked(Caller("tester", "c"), b"", b""))
    assert (await asyncio.wait_for(waiting, 60)).status == "cancelled"


async def test_a_view_that_is_stuck_keeps_only_its_own_callers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "PATIENCE", 2.0)
    log = SqliteLog(tmp_path / "log.db", "normal")
    views = Runner(log, tmp_path / "views", projections())  # never started: it takes in nothing
    asked = Lists(log, views, Queries(tmp_path / "views"))
    put(log, "project-p", 0, "project_created.1")
    callers = [asyncio.create_task(asked.projects(10, None)) for _ in range(64)]
    await asyncio.sleep(0.05)
    await asyncio.to_thread(log.position)
    assert not any(caller.done() for caller in callers)
    answers = await asyncio.gather(*callers, return_exceptions=True)
    assert {answer.code for answer in answers if isinstance(answer, Refused)} == {"view_unavailable"}
    assert "unable to open" not in str(answers[0])
    log.close()
