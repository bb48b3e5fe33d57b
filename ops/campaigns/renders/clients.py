"""Those who want films: they ask, ask again when the line breaks, change their minds now and then, and wait."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from threading import Event

from ops.campaigns.callers import BASE, Caller, Json, Reply
from ops.campaigns.campaign import Run
from ops.campaigns.crew import at_work
from ops.campaigns.renders.films import Film
from ops.campaigns.server import Server

CLIENTS = 3
PATIENCE_S = 90  # for one film, with everything that happens meanwhile
_CANCELLED = 0.08  # the share of renders that are not wanted any more
_ENDED = ("completed", "failed", "cancelled")


@dataclass
class Asked:
    """A render that was accepted, and how it ended as far as its client was told ("" while it has not)."""

    film: Film
    job: str
    status: str = ""
    code: str = ""


@dataclass
class Clients:
    """Some clients, over as many lives of the server as wanted."""

    run: Run
    server: Server
    films: list[Film]
    asked: list[Asked] = field(default_factory=list)
    _keys: Iterator[int] = field(default_factory=count)

    @property
    def ended(self) -> int:
        """How many renders have ended, as clients were told."""
        return sum(asked.status != "" for asked in self.asked)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """They want films until the block ends, and go on waiting for those that they asked for before."""
        seeds = [self.run.chance.randrange(2**32) for _ in range(CLIENTS)]

        def want(seed: int, stop: Event) -> None:
            chance = random.Random(seed)
            while not stop.is_set():
                self._want(chance, f"{seed}-{next(self._keys)}")

        with at_work(want, seeds, to_the_end=False):
            yield

    def _want(self, chance: random.Random, key: str) -> None:
        film, deadline = chance.choice(self.films), time.monotonic() + PATIENCE_S
        body: Json = {"project_id": film.project, "preset": "draft"}
        reply = self._persist("POST", "/render/start", body, key, deadline)
        if reply.status == 507:
            self.run.figures["requests refused for want of room"] += 1
            time.sleep(chance.uniform(0, 0.5))
            return
        if reply.status != 202:
            self.run.check(False, f"a render was asked for and answered with {reply}")
            return
        asked = Asked(film, reply.json["job_id"])
        self.asked.append(asked)
        if chance.random() < _CANCELLED:
            time.sleep(chance.uniform(0, 0.5))
            for _ in range(2):  # twice is once
                reply = self._persist("POST", f"/render/jobs/{asked.job}/cancel", {}, "", deadline)
                fits = reply.status == 202 or reply.json["code"] == "job_finished"
                self.run.check(fits, f"{asked.job} was cancelled and answered with {reply}")
        self._wait(asked, deadline)

    def _wait(self, asked: Asked, deadline: float) -> None:
        while time.monotonic() < deadline:
            reply = self._persist("GET", f"/render/jobs/{asked.job}?wait_s=2", None, "", deadline)
            job: Json = reply.json if reply.status == 200 else {"status": ""}
            if job["status"] in _ENDED:
                asked.status, asked.code = job["status"], (job["error"] or {"code": ""})["code"]
                return
        self.run.check(False, f"{asked.job} has not ended in {PATIENCE_S} s")

    def _persist(self, method: str, path: str, body: Json | None, key: str, deadline: float) -> Reply:
        """The answer, however often the line breaks; what has a key happens once all the same."""
        headers = {"Idempotency_Key": key} if key else {}
        while True:
            caller = Caller(self.server.url, "client")
            reply = caller.send(method, BASE + path, body, **headers)
            caller.close()
            if reply.status not in (0, 429, 503) or time.monotonic() > deadline:
                return reply
            time.sleep(0.1)
