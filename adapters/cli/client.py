"""The server as the command line sees it: one request in, one JSON document out, refusals as ``Failed``."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

import httpx2

from adapters.cli.failure import UNREACHABLE, Failed
from adapters.cli.hints import hint

BASE = "/api/v1"
SILENCE = 60  # seconds; a stream says something every fifteen


@dataclass(frozen=True)
class Reply:
    """An answer: its bytes, and if they are JSON, that as text and decoded with decimals kept exact."""

    content: bytes
    headers: httpx2.Headers

    @property
    def text(self) -> str:
        """As it came."""
        return self.content.decode()

    @property
    def body(self) -> Any:
        """The decoded document."""
        return json.loads(self.text, parse_float=Decimal)


class Api:
    """A connection to one server."""

    def __init__(self, url: str, *, actor: str, transport: httpx2.BaseTransport | None = None) -> None:
        """Talk to the server at ``url`` in the name of ``actor``."""
        self.url = url
        self._http = httpx2.Client(base_url=url, headers={"X-Actor": actor}, timeout=60, transport=transport)

    def __enter__(self) -> Self:
        """The same connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._http.close()

    def get(self, path: str, **params: object) -> Reply:
        """GET a route under the base; parameters that are None are left out."""
        return self._send("GET", path, params={k: str(v) for k, v in params.items() if v is not None})

    def post(self, path: str, body: object = None, **headers: str) -> Reply:
        """POST a JSON document."""
        return self._send("POST", path, content=encode({} if body is None else body), headers=headers)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """Any other method with an optional JSON document."""
        return self._send(method, path, content=None if body is None else encode(body), headers=headers)

    def raw(self, path: str) -> bytes:
        """The bytes of a route at the root of the server."""
        return self._reach("GET", path).content

    def lines(self, path: str, **params: object) -> Iterator[str]:
        """A stream of text lines, as long as the server sends them."""
        sent = {name: str(value) for name, value in params.items() if value is not None}
        try:
            with self._http.stream("GET", BASE + path, params=sent, timeout=SILENCE) as response:
                if response.is_error:
                    response.read()
                    raise refusal(response)
                yield from response.iter_lines()
        except httpx2.TransportError as error:
            raise self._unreachable(error) from error

    def _send(self, method: str, path: str, **rest: Any) -> Reply:
        rest["headers"] = {"Content-Type": "application/json", **rest.get("headers", {})}
        response = self._reach(method, BASE + path, **rest)
        if response.is_error:
            raise refusal(response)
        return Reply(response.content, response.headers)

    def _reach(self, method: str, path: str, **rest: Any) -> httpx2.Response:
        try:
            return self._http.request(method, path, **rest)
        except httpx2.TransportError as error:
            raise self._unreachable(error) from error

    def _unreachable(self, error: Exception) -> Failed:
        return Failed(
            f"no server answers at {self.url} ({str(error) or type(error).__name__})",
            "start one with `stoat serve`, or set STOAT_URL",
            UNREACHABLE,
        )


def encode(body: object) -> bytes:
    """A document as JSON; decimals as numbers, digit for digit."""
    import msgspec

    return msgspec.json.Encoder(decimal_format="number").encode(body)


def refusal(response: httpx2.Response) -> Failed:
    """A problem document as a failure of the command."""
    try:
        problem = json.loads(response.text)
    except ValueError:
        return Failed(f"the server answered {response.status_code} without a problem document")
    message = f"{problem.get('title', 'refused')}: {problem.get('detail', '')} [{problem.get('code')}]"
    return Failed(message, hint(problem.get("code", ""), problem.get("suggestion", "")), problem=problem)
