"""Somebody's endpoint: a real HTTP server that keeps what it gets and answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass
class Letter:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        """The CloudEvent in it."""
        event: dict[str, Any] = msgspec.json.decode(self.body)
        return event


@dataclass
class Endpoint:
    """What came, and how to answer: a status, or something that writes the whole answer by itself."""

    url: str = ""
    letters: list[Letter] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # what TLS clients asked for
    answer: Callable[[Letter], int | Callable[[BaseHTTPRequestHandler], None]] = lambda _: 200

    def positions(self) -> list[int]:
        """Of the events that came, in the order in which they did."""
        return [letter.event["position"] for letter in self.letters]


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Endpoint]:
    """An endpoint on this machine until the block ends."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            letter = Letter(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            endpoint.letters.append(letter)
            answer = endpoint.answer(letter)
            if callable(answer):
                answer(self)
                return
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        tls.sni_callback = lambda _socket, name, _context: endpoint.names.append(name)
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    endpoint.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
