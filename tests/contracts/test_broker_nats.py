"""What only a broker of its own process can suffer: its server dies, its store is lost, its bytes are not ours."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import nats
import pytest

from adapters.broker.nats import NatsBroker
from adapters.broker.server import private_server
from domain.errors import Refused
from tests.contracts.test_broker import rendered, work

pytestmark = pytest.mark.nats


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with private_server(tmp_path / "nats") as url:
        yield url


async def test_nobody_gets_in_without_the_token(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        await NatsBroker.connect("nats://" + url.split("@")[1], patience_s=0)
    assert refusal.value.code == "broker_unavailable"


async def test_a_killed_server_comes_back_with_what_it_held(url: str, tmp_path: Path) -> None:
    broker = await NatsBroker.connect(url)
    before = await broker.epoch()
    await broker.publish(work("a"))
    os.kill(server_pid(tmp_path), signal.SIGKILL)
    lease = await until_taken(broker)
    assert lease == "a"
    assert await broker.epoch() == before
    await broker.close()


async def test_a_lost_store_shows_and_is_made_anew(url: str) -> None:
    broker = await NatsBroker.connect(url)
    before = await broker.epoch()
    await broker.publish(work("a"))
    raw = await nats.connect(url)
    for stream in ("STOAT_WORK", "STOAT_RESULT", "KV_STOAT_CANCELLED"):
        await raw.jetstream().delete_stream(stream)
    await raw.close()
    assert await broker.epoch() != before
    assert not await broker.is_cancelled("job")
    await broker.publish(work("a"))
    assert await until_taken(broker) == "a"
    await broker.close()


async def test_an_executor_waiting_on_a_lost_store_goes_on(url: str) -> None:
    broker = await NatsBroker.connect(url)
    waiting = asyncio.create_task(until_taken(broker))
    await asyncio.sleep(0.2)
    raw = await nats.connect(url)
    await raw.jetstream().delete_stream("STOAT_WORK")
    await broker.epoch()
    await broker.publish(work("b"))
    assert await waiting == "b"
    await raw.close()
    await broker.close()


async def test_a_message_that_is_not_ours_is_dropped(url: str) -> None:
    broker = await NatsBroker.connect(url)
    raw = await nats.connect(url)
    await raw.jetstream().publish("stoat.render.work.segment", b"\xc1 nonsense")
    await raw.jetstream().publish("stoat.render.result.job.unit", b"\x80")
    assert await broker.take(0.5) is None
    assert await broker.heard(0.5) is None
    info = await raw.jetstream().stream_info("STOAT_WORK")
    assert info.state.messages == 0
    await raw.close()
    await broker.close()


async def test_a_stream_that_takes_nothing_any_more_is_made_anew(url: str) -> None:
    """As one does whose disk was full once; a sealed stream behaves the same."""
    broker = await NatsBroker.connect(url)
    before = await broker.epoch()
    raw = await nats.connect(url)
    config = (await raw.jetstream().stream_info("STOAT_RESULT")).config
    config.sealed = True
    await raw.jetstream().update_stream(config)
    with pytest.raises(Refused) as refusal:
        await broker.report(rendered("a"))
    assert refusal.value.code == "broker_unavailable"
    assert await broker.epoch() != before
    await broker.report(rendered("a"))
    assert await broker.heard(1)
    await raw.close()
    await broker.close()


async def test_a_full_queue_is_not_emptied(url: str) -> None:
    broker = await NatsBroker.connect(url)
    raw = await nats.connect(url)
    config = (await raw.jetstream().stream_info("STOAT_WORK")).config
    config.max_msgs = 1
    await raw.jetstream().update_stream(config)
    await broker.publish(work("a"))
    with pytest.raises(Refused):
        await broker.publish(work("b"))
    assert await until_taken(broker) == "a"
    await raw.close()
    await broker.close()


async def test_an_unreachable_server_is_refused_by_name() -> None:
    with pytest.raises(Refused) as refusal:
        await NatsBroker.connect("nats://127.0.0.1:9", patience_s=0)
    assert refusal.value.code == "broker_unavailable"


async def test_the_server_dies_with_its_parent(tmp_path: Path) -> None:
    script = """
import asyncio, sys
from pathlib import Path
from adapters.broker.server import private_server
async def main():
    async with private_server(Path(sys.argv[1])):
        print("up", flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(tmp_path / "nats"), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    assert await parent.stdout.readline() == b"up\n"
    pid = server_pid(tmp_path)
    parent.kill()
    await parent.wait()
    for _ in range(100):
        if not alive(pid):
            return
        await asyncio.sleep(0.02)
    pytest.fail("nats-server outlived its parent")


def server_pid(tmp_path: Path) -> int:
    [listing] = (tmp_path / "nats").glob("*.ports")
    return int(listing.stem.rsplit("_", 1)[1])


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def until_taken(broker: NatsBroker) -> str:
    for _ in range(50):
        try:
            lease = await broker.take(1)
        except Refused:
            await asyncio.sleep(0.1)
            continue
        if lease:
            await lease.settle()
            return lease.work.unit.key
    raise AssertionError("nothing came")
