"""Local executors as child processes: started, started again when they die, stopped with grace."""

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from adapters.children import tied_to_us

_SOON_S, _LATE_S = 0.5, 10.0  # before another try: at first, and when none of them lives long
_LONG_S = 30
_GRACE_S = 10
_MODULE = "adapters.render.executor"
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def executors(count: int, environment: Mapping[str, str]) -> AsyncIterator[None]:
    """Run so many executors while the block runs. ``environment`` has their settings (``STOAT_NATS_URL`` and the rest):
    a token in it is seen by nobody, as it would be on a command line."""
    stopping = asyncio.Event()
    keepers = [asyncio.create_task(_keep_one(environment, stopping)) for _ in range(count)]
    try:
        yield
    finally:
        stopping.set()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep_one(environment: Mapping[str, str], stopping: asyncio.Event) -> None:
    """One executor after another, until ``stopping``."""
    pause = _SOON_S
    while not stopping.is_set():
        started = time.monotonic()
        try:
            child = await _start(environment)
        except OSError as error:  # no process or no memory to be had now
            _log.warning("executor_not_started", error=str(error))
            pause = await _paused(stopping, pause)
            continue
        ended = asyncio.create_task(child.wait())
        stop = asyncio.create_task(stopping.wait())
        await asyncio.wait([ended, stop], return_when=asyncio.FIRST_COMPLETED)
        stop.cancel()
        if not stopping.is_set():
            _log.warning("executor_died", pid=child.pid, code=child.returncode)
            pause = await _paused(stopping, _SOON_S if time.monotonic() - started > _LONG_S else pause)
            continue
        await _stop(child)


async def _start(environment: Mapping[str, str]) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        _MODULE,
        stdin=asyncio.subprocess.DEVNULL,
        env={**os.environ, **environment},
        **tied_to_us(),
    )


async def _paused(stopping: asyncio.Event, pause: float) -> float:
    """Wait, unless it is time to stop; how long to wait the next time."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), pause)
    return min(2 * pause, _LATE_S)


async def _stop(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
        try:
            await asyncio.wait_for(child.wait(), _GRACE_S)
        except TimeoutError:
            child.kill()
            await child.wait()
