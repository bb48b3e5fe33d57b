"""An executor: takes commands from the broker, makes units, one at a time, and says what came of it.

It is a process of its own and knows no database. Killed at any moment, it loses nothing but its own work: the command
is handed to another, FFmpeg dies with it, its folder is swept.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import structlog

from adapters import settings
from adapters.broker.nats import NatsBroker
from adapters.broker.port import Broker, Lease
from adapters.ffmpeg.locate import locate
from adapters.media.paths import MediaRoots
from adapters.render.make import Maker, NeedsMissing
from adapters.render.reports import Reporter
from adapters.render.segments import SegmentStore
from adapters.telemetry import logs
from domain.errors import Refused
from domain.render.messages import Broken, Outcome, Rendered, Work

DELIVERIES = 3  # of one attempt; an executor that dies takes one with it
_IDLE_S = 1
_RETRY_S = 0.5
# another attempt at these would meet the same
_FINAL = frozenset({"source_changed", "media_missing", "path_not_allowed", "media_unreadable", "storage_full"})
_log = structlog.get_logger(__name__)


class Executor:
    """One worker. ``name`` says in the log who made what."""

    def __init__(self, broker: Broker, maker: Maker, name: str) -> None:
        """Listens to the broker once :meth:`work` runs."""
        self._broker = broker
        self._maker = maker
        self._name = name
        self._job: str | None = None
        self._cancelled = asyncio.Event()

    async def work(self, stop: asyncio.Event) -> None:
        """Make units until ``stop``; what is under way then is given back."""
        await self._persist(lambda: self._broker.on_cancel(self._hear_cancel), stop)
        while not stop.is_set():
            try:
                lease = await self._broker.take(_IDLE_S)
                if lease:
                    await self._serve(lease, stop)
            except Refused as fault:
                _log.warning("broker_silent", fault=str(fault))
                await asyncio.sleep(_RETRY_S)

    async def _serve(self, lease: Lease, stop: asyncio.Event) -> None:
        self._job = lease.work.job
        self._cancelled.clear()
        if await self._broker.is_cancelled(self._job):
            return await lease.settle()
        beat = asyncio.create_task(self._keep(lease))
        making = asyncio.create_task(self._outcome(lease.work, lease.delivery))
        interrupts = [asyncio.create_task(event.wait()) for event in (self._cancelled, stop)]
        try:
            await asyncio.wait([making, *interrupts], return_when=asyncio.FIRST_COMPLETED)
            if making.done():
                outcome = making.result()
                await self._persist(lambda: self._broker.report(outcome), stop)
                return await lease.settle()
            await _end(making)
            return await (lease.settle() if self._cancelled.is_set() else lease.give_back())
        finally:
            self._job = None
            await _end(making, beat, *interrupts)

    async def _outcome(self, work: Work, delivery: int) -> Outcome:
        unit = work.unit
        _log.info("unit_started", job=work.job, unit=unit.key, attempt=work.attempt, delivery=delivery)
        if delivery > DELIVERIES:
            return self._broken(work, "unit_lost", f"{DELIVERIES} executors were lost while they made it", retry=False)
        reporter = Reporter(self._broker, work)
        try:
            stored, reused = await self._maker.make(work, reporter.hear)
        except NeedsMissing as missing:
            return self._broken(work, "segment_lost", "Units that it reads are missing", retry=True, lost=missing.keys)
        except Refused as fault:
            return self._broken(work, fault.code, fault.message, retry=fault.code not in _FINAL)
        except Exception as fault:  # noqa: BLE001 - a defect must end the attempt, not the executor
            _log.exception("unit_crashed", job=work.job, unit=unit.key)
            return self._broken(work, "internal_error", f"{type(fault).__name__} in the executor", retry=True)
        finally:
            await reporter.close()
        sidecar = stored.sidecar
        return Rendered(
            work.job, unit.key, work.attempt, self._name, sidecar.sha256, sidecar.size, sidecar.cpu_ms, reused
        )

    def _broken(self, work: Work, code: str, detail: str, *, retry: bool, lost: list[str] | None = None) -> Broken:
        _log.warning("unit_broken", job=work.job, unit=work.unit.key, code=code, detail=detail)
        return Broken(work.job, work.unit.key, work.attempt, self._name, code, detail, retry, lost or [])

    async def _keep(self, lease: Lease) -> None:
        """Say often enough that the work goes on."""
        while True:
            await asyncio.sleep(self._broker.lease_s / 3)
            with contextlib.suppress(Refused):
                await lease.extend()

    async def _persist(self, act: Callable[[], Awaitable[None]], stop: asyncio.Event) -> None:
        """Do it as soon as the broker can be reached, making its store where that was lost."""
        while not stop.is_set():
            try:
                return await act()
            except Refused as fault:
                _log.warning("broker_silent", fault=str(fault))
                await asyncio.sleep(_RETRY_S)
                with contextlib.suppress(Refused):
                    await self._broker.epoch()
        return None

    def _hear_cancel(self, job: str) -> None:
        if job == self._job:
            self._cancelled.set()


async def _end(*tasks: "asyncio.Task[object]") -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def serve(url: str, data_dir: Path, media_roots: Sequence[Path], ffmpeg: Path | None) -> None:
    """Run an executor until SIGTERM or SIGINT. Refused where FFmpeg or the broker can't be found."""
    maker = Maker(locate(ffmpeg), SegmentStore(data_dir / "segments"), MediaRoots(media_roots))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    broker = await NatsBroker.connect(url)
    try:
        await Executor(broker, maker, f"{socket.gethostname()}-{os.getpid()}").work(stop)
    finally:
        await broker.close()


def main(args: Sequence[str]) -> int:
    """The command ``stoat executor``; 3 where the broker can't be reached, 1 where something else is missing."""
    parser = argparse.ArgumentParser(
        prog="stoat executor", description="One more executor, on this or another machine."
    )
    parser.add_argument("--nats", metavar="URL", help="the NATS server; STOAT_NATS_URL where it is left out")
    chosen = settings.load()
    logs.configure(chosen.log_level, chosen.log_format)
    url = parser.parse_args(args).nats or chosen.nats_url
    if url is None:
        parser.error("say which NATS server: --nats URL")
    try:
        asyncio.run(serve(url, chosen.data_dir, chosen.media_roots, chosen.ffmpeg))
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 3 if refusal.code == "broker_unavailable" else 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
