"""Writers over HTTP, and what each of them was told: every request with its key and its answer, byte for byte."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import Any

import httpx2

from ops.campaigns.campaign import Run
from ops.campaigns.crew import at_work
from ops.campaigns.server import Server

BASE = "/api/v1"
WRITERS = 4
ENDLESS = 10**9
PATIENCE = 60  # seconds
Json = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """An answer. ``status`` 0 is none: the connection broke."""

    status: int
    content: bytes

    @property
    def json(self) -> Any:
        """The document."""
        return json.loads(self.content)


class Caller:
    """One client with a name."""

    def __init__(self, url: str, actor: str) -> None:
        """To a running server."""
        self._http = httpx2.Client(base_url=url, headers={"X-Actor": actor}, timeout=60)

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Reply:
        """One request; header names with _ for -."""
        content = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        try:
            response = self._http.request(method, path, content=content, headers=sent)
        except httpx2.TransportError:
            return Reply(0, b"")
        return Reply(response.status_code, response.content)

    def get(self, path: str) -> Json:
        """A document that must be there."""
        reply = self.send("GET", BASE + path)
        if reply.status != 200:
            raise RuntimeError(f"GET {path}: {reply.status} {reply.content[:300]!r}")
        found: Json = reply.json
        return found

    def new_project(self, name: str) -> str:
        """Its id."""
        reply = self.send("POST", BASE + "/projects", {"name": name})
        return str(reply.json["id"])

    def edit(self, project: str, ops: list[Json], *, key: str | None = None, **more: Any) -> Reply:
        """A batch."""
        headers = {} if key is None else {"Idempotency_Key": key}
        return self.send("POST", f"{BASE}/projects/{project}/edits", {"ops": ops, **more}, **headers)

    def close(self) -> None:
        """Hang up."""
        self._http.close()


def renames(chance: random.Random, label: str) -> list[Json]:
    """A batch that becomes one to three facts."""
    return [{"op": "rename_project", "name": f"{label}-{part}"} for part in range(chance.randrange(1, 4))]


@dataclass
class Sent:
    """A request that one writer made, and its answer."""

    actor: str
    project: str
    key: str
    ops: list[Json]
    reply: Reply

    def again(self, caller: Caller) -> Reply:
        """The same request once more."""
        return caller.edit(self.project, self.ops, key=self.key)


@dataclass
class Writers:
    """Some writers, each in a project of its own, over as many lives of the server as wanted."""

    run: Run
    server: Server
    projects: list[str] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    @property
    def accepted(self) -> list[Sent]:
        """What was answered with 200."""
        return [sent for sent in self.sent if sent.reply.status == 200]

    def begin(self) -> None:
        """Make the projects."""
        caller = Caller(self.server.url, "writer")
        self.projects = [caller.new_project(f"project {number}") for number in range(WRITERS)]
        caller.close()

    @contextmanager
    def at_work(self, *, edits: int = ENDLESS) -> Iterator[None]:
        """They write until the block ends, the connection breaks, or each has sent so many; refusals stop nobody."""
        seeds = [self.run.chance.randrange(2**32) for _ in self.projects]

        def write(number: int, stop: Event) -> None:
            self._write(number, seeds[number], edits, stop)

        with at_work(write, range(len(self.projects)), to_the_end=edits < ENDLESS):
            yield

    def wait_for(self, count: int) -> None:
        """Until so many requests have been answered in all; raises TimeoutError where that takes far too long."""
        deadline = time.monotonic() + PATIENCE
        while len([sent for sent in self.sent if sent.reply.status]) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{count} answers did not come")
            time.sleep(0.005)

    def check(self, when: str) -> None:
        """The log proves itself, and has every accepted edit with as many facts as it had ops, at its version."""
        log = self.server.log()
        try:
            report = log.verify()
            if report.fault is not None:
                self.run.check(False, f"{when}: verify finds {report.fault}")
                return
            edits = {
                edit.edit_id: edit for project in self.projects for edit in log.edits(f"project-{project}", 0, 10**9)
            }
        finally:
            log.close()
        for sent in self.accepted:
            answer = sent.reply.json
            edit = edits.get(answer["edit_id"])
            run_of = (
                None if edit is None else (edit.stream, edit.last_version, edit.last_version - edit.first_version + 1)
            )
            wanted = (f"project-{sent.project}", answer["version"], len(sent.ops))
            self.run.check(run_of == wanted, f"{when}: {sent.key} was accepted as {wanted} and is {run_of}")

    def _write(self, number: int, seed: int, edits: int, stop: Event) -> None:
        actor, project, chance = f"writer-{number}", self.projects[number], random.Random(seed)
        caller = Caller(self.server.url, actor)
        for count in range(edits):
            if stop.is_set():
                break
            sent = Sent(actor, project, f"{seed}-{count}", renames(chance, f"{seed}-{count}"), Reply(0, b""))
            sent.reply = caller.edit(project, sent.ops, key=sent.key)
            self.sent.append(sent)
            if sent.reply.status == 0:
                break
        caller.close()
