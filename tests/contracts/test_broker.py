"""What a render may rely on from a broker: the same for NATS and for memory."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from adapters.broker.memory import MemoryBroker
from adapters.broker.nats import NatsBroker
from adapters.broker.port import Broker
from adapters.broker.server import private_server
from domain.render.messages import Broken, Progress, Rendered, Work
from domain.render.plan import Expect, Unit, UnitKind

LEASE_S = 0.5
Join = Callable[[], Awaitable[Broker]]


def work(unit: str, job: str = "job", attempt: int = 1, kind: UnitKind = "segment") -> Work:
    made = Unit(unit, kind, ".mp4", ["-y"], 1, Expect(), {}, [], [], [])
    return Work(job, attempt, made, {}, {}, {}, 60)


def rendered(unit: str, attempt: int = 1) -> Rendered:
    return Rendered("job", unit, attempt, "me", "ab" * 32, 10, 5, False)


@pytest.fixture(params=["memory", pytest.param("nats", marks=pytest.mark.nats)])
async def join(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Join]:
    """Gives brokers that reach each other, as different processes would have them."""
    if request.param == "memory":
        shared = MemoryBroker(LEASE_S)

        async def same() -> Broker:
            return shared

        yield same
        return
    joined: list[NatsBroker] = []
    async with private_server(tmp_path / "nats") as url:

        async def another() -> Broker:
            joined.append(await NatsBroker.connect(url, LEASE_S))
            return joined[-1]

        yield another
        for broker in joined:
            await broker.close()


async def test_commands_are_taken_in_the_order_they_were_published(join: Join) -> None:
    here, there = await join(), await join()
    for unit, kind in (("a", "segment"), ("b", "audio"), ("c", "mix")):
        await here.publish(work(unit, kind=kind))
    taken = [await there.take(1) for _ in range(3)]
    assert [lease.work.unit.key for lease in taken if lease] == ["a", "b", "c"]


async def test_a_command_arrives_whole(join: Join) -> None:
    here, there = await join(), await join()
    await here.publish(work("a"))
    lease = await there.take(1)
    assert lease
    assert lease.work == work("a")
    assert lease.delivery == 1


async def test_the_same_attempt_is_queued_once_and_the_next_one_again(join: Join) -> None:
    broker = await join()
    for attempt in (1, 1, 2, 2):
        await broker.publish(work("a", attempt=attempt))
    taken = [await broker.take(0.3) for _ in range(3)]
    assert [lease.work.attempt for lease in taken if lease] == [1, 2]


async def test_nothing_to_take_is_no_error(join: Join) -> None:
    assert await (await join()).take(0.1) is None


async def test_a_command_is_handed_to_one_executor_only(join: Join) -> None:
    here, there = await join(), await join()
    await here.publish(work("a"))
    both = await asyncio.gather(here.take(0.3), there.take(0.3))
    assert sum(lease is not None for lease in both) == 1


async def test_a_settled_command_never_comes_again(join: Join) -> None:
    broker = await join()
    await broker.publish(work("a"))
    lease = await broker.take(1)
    assert lease
    await lease.settle()
    assert await broker.take(3 * LEASE_S) is None


async def test_the_command_of_a_silent_executor_is_handed_out_again(join: Join) -> None:
    here, there = await join(), await join()
    await here.publish(work("a"))
    assert await here.take(1)
    again = await there.take(6 * LEASE_S)
    assert again
    assert (again.work.unit.key, again.delivery) == ("a", 2)


async def test_an_executor_that_says_it_is_at_work_keeps_its_command(join: Join) -> None:
    here, there = await join(), await join()
    await here.publish(work("a"))
    lease = await here.take(1)
    assert lease
    for _ in range(6):
        await asyncio.sleep(LEASE_S / 2)
        await lease.extend()
    assert await there.take(0.1) is None


async def test_a_command_given_back_is_handed_out_at_once(join: Join) -> None:
    here, there = await join(), await join()
    await here.publish(work("a"))
    lease = await here.take(1)
    assert lease
    await lease.give_back()
    again = await there.take(LEASE_S / 2)
    assert again
    assert again.delivery == 2


async def test_an_outcome_comes_until_it_is_settled(join: Join) -> None:
    here, there = await join(), await join()
    await here.report(rendered("a"))
    notice = await there.heard(1)
    assert notice
    assert notice.outcome == rendered("a")
    await notice.settle()
    assert await there.heard(0.2) is None


async def test_an_attempt_has_one_outcome(join: Join) -> None:
    broker = await join()
    late = Broken("job", "a", 1, "other", "unit_lost", "late", True, [])
    for outcome in (rendered("a"), rendered("a"), late, rendered("a", attempt=2)):
        await broker.report(outcome)
    heard = [await broker.heard(0.3) for _ in range(3)]
    assert [notice.outcome for notice in heard if notice] == [rendered("a"), rendered("a", attempt=2)]


async def test_progress_reaches_those_who_listen(join: Join) -> None:
    here, there = await join(), await join()
    heard: asyncio.Queue[Progress] = asyncio.Queue()
    await there.on_progress(heard.put_nowait)
    await here.tell(Progress("job", "a", 1, 100_000))
    await here.tell(Progress("job", "a", 1, 500_000))
    told = [await asyncio.wait_for(heard.get(), 5) for _ in range(2)]
    assert told == [Progress("job", "a", 1, 100_000), Progress("job", "a", 1, 500_000)]


async def test_a_cancelled_job_is_told_now_and_known_later(join: Join) -> None:
    here, there = await join(), await join()
    heard: asyncio.Queue[str] = asyncio.Queue()
    await there.on_cancel(heard.put_nowait)
    await here.cancel("job")
    assert await asyncio.wait_for(heard.get(), 2) == "job"
    assert await (await join()).is_cancelled("job")
    assert not await there.is_cancelled("other")


async def test_the_store_keeps_its_identity_and_its_lease_time(join: Join) -> None:
    here, there = await join(), await join()
    assert await here.epoch() == await there.epoch()
    assert there.lease_s == LEASE_S


async def test_a_broker_is_idle_when_nothing_is_queued_leased_or_unheard(join: Join) -> None:
    here, there = await join(), await join()
    assert await here.is_idle()
    await here.publish(work("a"))
    assert not await here.is_idle()
    lease = await there.take(1)
    assert lease
    assert not await here.is_idle()
    await there.report(rendered("a"))
    await lease.settle()
    assert not await here.is_idle()
    notice = await here.heard(1)
    assert notice
    assert not await here.is_idle()
    await notice.settle()
    assert await here.is_idle()
