"""An executor that was thought dead: for every attempt that has failed it still claims, late, to have succeeded."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import nats
from nats.errors import Error as NatsError

from adapters.broker import nats_layout
from domain.render.events import UnitFailed, decode
from domain.render.messages import Rendered, encode
from ops.campaigns.campaign import Run
from ops.campaigns.server import Server

NAME = "zombie"


@contextmanager
def zombie(run: Run, server: Server) -> Iterator[None]:
    """It claims while the block runs."""
    stop = Event()
    thread = Thread(target=lambda: asyncio.run(_haunt(run, server, stop)))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def _haunt(run: Run, server: Server, stop: Event) -> None:
    log = server.log()
    seen = log.position()
    while not stop.is_set():
        await asyncio.sleep(0.02)
        for record in log.read_all(seen, 1000, "render-"):
            seen = record.position
            fact = decode(record.payload)
            if isinstance(fact, UnitFailed):
                job = record.stream.removeprefix("render-")
                claim = Rendered(job, fact.unit, fact.attempt, NAME, "0" * 64, 1, 0, reused=False)
                run.figures["late claims sent"] += await _claim(server.data / "nats", claim)
    log.close()


async def _claim(folder: Path, claim: Rendered) -> bool:
    try:
        client = await nats.connect(_url(folder), allow_reconnect=False, connect_timeout=1)
        try:
            await client.jetstream().publish(nats_layout.result(claim.job, claim.unit), encode(claim), timeout=1)
        finally:
            await client.close()
    except (NatsError, OSError, ValueError, TimeoutError):
        return False  # the server is down at the moment
    return True


def _url(folder: Path) -> str:
    [ports] = folder.glob("*.ports")
    [address] = json.loads(ports.read_text())["nats"]
    token = json.loads((folder / "nats.conf").read_text())["authorization"]["token"]
    return f"nats://{token}@127.0.0.1:{address.rsplit(':', 1)[1]}"
