"""A real server in a thread of this process: uvicorn, the whole App, a private NATS, no executors unless asked for."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from adapters.app.application import App
from adapters.bootstrap import build
from adapters.http.api import create_api
from adapters.settings import Settings


class Running:
    """What tests may touch: the address, the App behind it for looking at what the log holds, and the beginning of the
    end: what a signal does to ``stoat serve``, with the listening going on."""

    def __init__(self) -> None:
        """Not there yet."""
        self.url = ""
        self.app: App | None = None
        self.fault: BaseException | None = None
        self.ready = threading.Event()
        self.server: uvicorn.Server | None = None
        self.begin_to_end: Callable[[], object] = lambda: None

    @property
    def behind(self) -> App:
        """The App."""
        assert self.app is not None
        return self.app


@contextmanager
def serving(data: Path, media: Path, executors: int = 0, **more: Any) -> Iterator[Running]:
    """A server on a free port until the block ends."""
    running = Running()
    settings = Settings(data_dir=data, media_roots=(media,), executors=executors, **more)
    thread = threading.Thread(target=lambda: asyncio.run(_serve(settings, running)))
    thread.start()
    try:
        assert running.ready.wait(30)
        if running.fault is not None:
            raise running.fault
        yield running
    finally:
        if running.server is not None:
            running.server.should_exit = True
        thread.join(30)


async def _serve(settings: Settings, running: Running) -> None:
    program = None
    try:
        program = build(settings)
        running.app = await program.start()
        config = uvicorn.Config(create_api(running.app), port=0, log_config=None, lifespan="off", access_log=False)
        running.server = uvicorn.Server(config)
        serving_ = asyncio.create_task(running.server.serve())
        while not running.server.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0.01)
        port = running.server.servers[0].sockets[0].getsockname()[1]
        running.url = f"http://127.0.0.1:{port}"
        loop = asyncio.get_running_loop()
        running.begin_to_end = lambda: loop.call_soon_threadsafe(program.drain)
        running.ready.set()
        await asyncio.wait([serving_, asyncio.create_task(_stopping(running.server, program.drain))])
    except BaseException as fault:
        if running.ready.is_set():
            raise
        running.fault = fault  # told where the server is waited for
        running.ready.set()
    finally:
        if program is not None:
            await program.stop()


async def _stopping(server: uvicorn.Server, drain: object) -> None:
    while not server.should_exit:  # noqa: ASYNC110  # set from another thread
        await asyncio.sleep(0.02)
    assert callable(drain)
    drain()
