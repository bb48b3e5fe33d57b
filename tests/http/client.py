"""A caller of the interface, and what tests ask of every answer."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import httpx2

from domain.errors import RULES
from tests.http.server import Running

BASE = "/api/v1"
Json = dict[str, Any]


class Caller:
    """Sends JSON, gets JSON with exact decimals."""

    def __init__(self, running: Running, actor: str = "tester") -> None:
        """To a running server."""
        self.running = running
        self.http = httpx2.Client(base_url=running.url, headers={"X-Actor": actor}, timeout=30)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        """A request under the base."""
        content = None if body is None else json.dumps(body).encode()
        return self.raw(method, BASE + path, content, **headers)

    def raw(self, method: str, path: str, content: bytes | None, **headers: str) -> httpx2.Response:
        """A request as it is; header names with _ for -."""
        sent = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        return self.http.request(method, path, content=content, headers=sent)

    def get(self, path: str) -> Json:
        """A document that must be there."""
        return read(self.send("GET", path))

    def do(self, method: str, path: str, body: object = None, **headers: str) -> Json:
        """A write that must be accepted."""
        return read(self.send(method, path, body, **headers))

    def edit(self, project: str, *ops: Json, **more: Any) -> Json:
        """A batch that must be accepted."""
        return self.do("POST", f"/projects/{project}/edits", {"ops": list(ops), **more})

    def project(self, **output: Any) -> str:
        """A new project with a video track ``v`` and an audio track ``m``."""
        made = self.do("POST", "/projects", {"name": "made for a test", "output": output})["id"]
        tracks = ({"op": "add_track", "type": kind, "id": name} for name, kind in (("v", "video"), ("m", "audio")))
        self.edit(made, *tracks)
        return str(made)

    @contextmanager
    def nothing_happens(self, project: str) -> Iterator[None]:
        """The log is as long after the block as before it, and the project's document is the same."""
        app = self.running.behind
        before = (app.log.position(), app.projects.at(project).fingerprint())
        yield
        assert (app.log.position(), app.projects.at(project).fingerprint()) == before


def soon(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it is true."""
    for _ in range(200):
        try:
            if found := condition():
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come true in ten seconds")


def read(response: httpx2.Response) -> Json:
    """The document of an answer that must not be a refusal."""
    assert response.is_success, response.text
    found: Json = json.loads(response.text, parse_float=Decimal)
    return found


def refused(response: httpx2.Response, status: int, code: str, path: str | None = None) -> Json:
    """The problem document; everything that any refusal must be is checked here."""
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: Json = json.loads(response.text)
    assert (response.status_code, problem["code"]) == (status, code), response.text
    assert problem["status"] == status
    assert problem["title"] == RULES[code].title
    assert problem["suggestion"] == RULES[code].suggestion
    assert problem["correlation_id"] == response.headers["x-correlation-id"]
    assert len(response.content) < 65_536
    if path is not None:
        assert problem["errors"][0]["path"] == path, response.text
    return problem
