"""One server process: the program of the composition root behind uvicorn, ended in order by a signal."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator

import uvicorn

from adapters.bootstrap import Program, build
from adapters.http.api import create_api
from adapters.settings import Settings
from adapters.telemetry.logs import configure
from domain.errors import Refused


class _Server(uvicorn.Server):
    """Ends streams and refuses writes as soon as shutdown begins; leaves signals to :func:`run`, whose work goes on
    after the last request."""

    def __init__(self, config: uvicorn.Config, program: Program) -> None:
        super().__init__(config)
        self._program = program

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            host, port = listener.getsockname()[:2]
            print(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}", flush=True)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._program.drain()
        await super().shutdown(sockets)

    def interrupt(self) -> None:
        """The first signal ends the server with grace, the second at once."""
        self.force_exit = self.should_exit
        self.should_exit = True


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; the URL goes to standard output once requests are answered."""
    configure(settings.log_level, settings.log_format)
    with contextlib.closing(listen(settings.host, settings.port)) as listener:  # before anything is started
        await _serve(settings, listener)


async def _serve(settings: Settings, listener: socket.socket) -> None:
    program = build(settings)
    try:
        app = await program.start()
        config = uvicorn.Config(
            create_api(app),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=max(1, int(settings.shutdown_grace)),
        )
        server = _Server(config, program)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, server.interrupt)
        await server.serve([listener])
    finally:
        await program.stop()


def listen(host: str, port: int) -> socket.socket:
    """A socket for connections on which nothing is held back. Refuses ``invalid_setting`` what can't be bound."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        message = f"cannot listen on {host} port {port}: {error.strerror}"
        raise Refused("invalid_setting", message, "STOAT_PORT") from error
    # connections inherit it; asyncio sets it only where a socket names its protocol, and without it the second packet
    # of an answer waits for the client's delayed acknowledgement, 40 ms
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    return listener
