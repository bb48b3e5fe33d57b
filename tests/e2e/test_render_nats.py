"""Renders with everything real: a private NATS server, executors as processes, and each dying at bad moments."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nats
import pytest

from adapters.broker.nats import NatsBroker
from adapters.broker.server import private_server
from adapters.render.pool import executors
from domain.render.events import RenderCompleted, RenderFailed, UnitFailed, UnitRendered
from domain.render.plan import Plan
from tests.e2e.workshop import Workshop, by, film, make_source, segment, until

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats]
LEASE_S = 2
SLOW = film([segment(0, slow=True), segment(1, slow=True), segment(2)])


@asynccontextmanager
async def with_nats(folder: Path, plan: Plan, count: int = 2) -> AsyncIterator[tuple[Workshop, str]]:
    async with private_server(folder / "nats") as url:
        broker = await NatsBroker.connect(url, LEASE_S)
        shop = Workshop(folder, broker, plan)
        make_source(shop.source, 4)
        async with shop.running(), executors(count, {**shop.environment, "STOAT_NATS_URL": url}):
            yield shop, url
        await broker.close()


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def executors_at_work() -> list[int]:
    """Executor processes of ours that are at a slow segment."""
    return [child for child in children(os.getpid()) if is_executor(child) and any(map(is_render, children(child)))]


def is_executor(pid: int) -> bool:
    return b"adapters.render.executor" in command(pid)


def is_render(pid: int) -> bool:
    return b"-readrate" in command(pid)


def command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


async def test_two_executors_share_a_film_and_tell_how_far_they_are(tmp_path: Path) -> None:
    async with with_nats(tmp_path, SLOW) as (shop, _):
        await shop.render("a")
        seen: list[float] = []
        etas: list[float | None] = []
        while (job := await shop.coordinator.wait("a", 0.1)).status in ("queued", "running"):
            seen.append(job.progress)
            etas.append(job.eta_seconds)
        makers = {fact.executor for fact in shop.facts("a") if isinstance(fact, UnitRendered)}
    assert job.status == "completed"
    assert len(makers) == 2
    assert seen == sorted(seen)
    assert len(set(seen)) > 4
    assert any(eta is not None and 0 < eta < 60 for eta in etas)


async def test_an_executor_killed_in_the_middle_of_a_unit_costs_no_film(tmp_path: Path) -> None:
    async with with_nats(tmp_path, SLOW) as (shop, _):
        await shop.render("a")
        await until(lambda: bool(executors_at_work()))
        victim = executors_at_work()[0]
        orphans = children(victim)
        os.kill(victim, signal.SIGKILL)
        job = await shop.coordinator.wait("a", 40)
        await until(lambda: not any(is_render(orphan) for orphan in orphans))
        facts = shop.facts("a")
    assert job.status == "completed"
    assert sum(isinstance(fact, RenderCompleted | RenderFailed) for fact in facts) == 1
    rendered = [fact.unit for fact in facts if isinstance(fact, UnitRendered)]
    assert len(rendered) == len(set(rendered)) == job.units.total
    assert list((tmp_path / "data" / "segments" / ".scratch").iterdir()) == []


async def test_an_executor_told_to_stop_hands_its_unit_on_at_once(tmp_path: Path) -> None:
    async with with_nats(tmp_path, film([segment(0, slow=True)])) as (shop, _):
        await shop.render("a")
        await until(lambda: bool(executors_at_work()))
        first = executors_at_work()[0]
        os.kill(first, signal.SIGTERM)
        await until(lambda: any(pid != first for pid in executors_at_work()), LEASE_S)
        assert (await shop.coordinator.wait("a", 30)).status == "completed"
        assert not any(isinstance(fact, UnitFailed) for fact in shop.facts("a"))


async def test_a_unit_that_kills_every_executor_ends_the_render(tmp_path: Path) -> None:
    async with with_nats(tmp_path, film([segment(0, slow=True)]), count=1) as (shop, _):
        await shop.render("a")
        for _ in range(3):
            await until(lambda: bool(executors_at_work()), 30)
            os.kill(executors_at_work()[0], signal.SIGKILL)
            await until(lambda: not executors_at_work())
        job = await shop.coordinator.wait("a", 30)
    assert job.error
    assert job.error.code == "unit_lost"


async def test_a_cancelled_render_frees_its_executors(tmp_path: Path) -> None:
    async with with_nats(tmp_path, SLOW) as (shop, _):
        await shop.render("a")
        await until(lambda: len(executors_at_work()) == 2)
        job = await shop.coordinator.cancel("a", by("cancel-a"))
        assert job.status == "cancelled"
        await until(lambda: not executors_at_work(), 5)
        await until(lambda: shop.outputs() == [])
        await shop.render("b")
        assert (await shop.coordinator.wait("b", 30)).status == "completed"
        assert shop.coordinator.status("a").status == "cancelled"


async def test_a_lost_nats_store_loses_no_render(tmp_path: Path) -> None:
    async with with_nats(tmp_path, SLOW) as (shop, url):
        await shop.render("a")
        await until(lambda: bool(executors_at_work()))
        raw = await nats.connect(url)
        for stream in ("STOAT_WORK", "STOAT_RESULT", "KV_STOAT_CANCELLED"):
            await raw.jetstream().delete_stream(stream)
        await raw.close()
        job = await shop.coordinator.wait("a", 40)
        facts = shop.facts("a")
    assert job.status == "completed"
    assert sum(isinstance(fact, RenderCompleted) for fact in facts) == 1


async def test_a_command_that_was_lost_alone_is_noticed_and_given_again(tmp_path: Path) -> None:
    async with with_nats(tmp_path, film([segment(0)]), count=0) as (shop, url):
        await shop.render("a")
        raw = await nats.connect(url)
        await until(lambda: shop.coordinator.status("a").status == "running")
        await asyncio.sleep(0.3)
        await raw.jetstream().purge_stream("STOAT_WORK")
        await raw.close()
        await until(lambda: any(isinstance(fact, UnitFailed) for fact in shop.facts("a")))
        async with executors(1, {**shop.environment, "STOAT_NATS_URL": url}):
            assert (await shop.coordinator.wait("a", 30)).status == "completed"
        lost = {fact.code for fact in shop.facts("a") if isinstance(fact, UnitFailed)}
    assert lost == {"unit_lost"}


async def test_a_second_render_needs_no_executor_at_all(tmp_path: Path) -> None:
    async with with_nats(tmp_path, film([segment(0)])) as (shop, _):
        await shop.render("a")
        await shop.coordinator.wait("a", 30)
    async with with_nats(tmp_path, film([segment(0)]), count=0) as (shop, _):
        await shop.render("b")
        job = await shop.coordinator.wait("b", 30)
    assert (job.status, job.units.reused) == ("completed", job.units.total)


SERVER = """
import asyncio, sys
from pathlib import Path
from tests.e2e.test_render_nats import SLOW, with_nats
async def serve():
    async with with_nats(Path(sys.argv[1]), SLOW) as (shop, _):
        await shop.render("a")
        print("rendering", flush=True)
        await asyncio.sleep(60)
asyncio.run(serve())
"""


async def test_a_server_killed_in_the_middle_of_a_render_goes_on_with_it_when_it_is_back(tmp_path: Path) -> None:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVER, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert server.stdout
    while await server.stdout.readline() != b"rendering\n":
        assert server.returncode is None
    await until(lambda: any(is_render(pid) for child in children(server.pid) for pid in children(child)))
    family = [server.pid, *children(server.pid), *(pid for child in children(server.pid) for pid in children(child))]
    server.kill()
    await server.wait()
    await until(lambda: not any(command(pid) for pid in family))
    async with with_nats(tmp_path, SLOW) as (shop, _):
        job = await shop.coordinator.wait("a", 40)
        facts = shop.facts("a")
    assert job.status == "completed"
    assert sum(isinstance(fact, RenderCompleted) for fact in facts) == 1
    assert shop.outputs() == ["a.mp4", "a.mp4.manifest.json"]
