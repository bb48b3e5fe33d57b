"""While an edit is on its way to the disk: nobody sees it, nothing is answered that stands on it, and whoever hangs up
loses nothing."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.app import asking
from adapters.app.asking import Answered, Asked, Key
from adapters.app.commits import Commits
from adapters.app.heads import Heads
from adapters.app.keys import Keys
from adapters.app.projects import Projects
from adapters.app.travel import Travel
from adapters.eventstore.edits import Edit, Record
from adapters.eventstore.sqlite import SqliteLog
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from domain.timeline.commands import SetOutput
from tests.domain.scenario import Shelf, ops
from tests.http.client import Caller
from tests.http.server import Running, serving


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    (tmp_path / "media").mkdir()
    with serving(tmp_path / "data", tmp_path / "media") as running:
        yield running


@contextmanager
def disk_held(running: Running) -> Iterator[None]:
    """The log's writer waits until the block ends."""
    go, here = threading.Event(), threading.Event()
    held = running.behind.log._database.write(lambda _: (here.set(), go.wait(60)))
    assert here.wait(20)
    try:
        yield
    finally:
        go.set()
        held.result(20)


def in_background(work: Any) -> tuple[threading.Thread, list[Any]]:
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(work()))
    thread.start()
    return thread, answers


def rename(running: Running, project: str, name: str) -> Any:
    ops = [{"op": "rename_project", "name": name}]
    return Caller(running).send("POST", f"/projects/{project}/edits", {"ops": ops})


def wait_for_pending(running: Running, project: str) -> None:
    heads = running.behind.projects._heads
    pause = threading.Event()
    for _ in range(500):
        if heads.head(project).pending:
            return
        pause.wait(0.01)
    raise AssertionError("the edit did not get under way")


def test_a_version_under_way_is_seen_by_nobody(running: Running) -> None:
    api = Caller(running)
    project = api.project()
    version = api.get(f"/projects/{project}")["version"]
    with disk_held(running):
        thread, answers = in_background(lambda: rename(running, project, "soon"))
        wait_for_pending(running, project)
        early = api.send("GET", f"/projects/{project}?version={version + 1}")
        assert (early.status_code, early.json()["code"]) == (404, "unknown_version")
        assert api.get(f"/projects/{project}")["version"] == version
    thread.join(20)
    assert answers[0].status_code == 200
    assert api.get(f"/projects/{project}")["name"] == "soon"


def test_nothing_changed_is_answered_when_what_it_stands_on_is_durable(running: Running) -> None:
    api = Caller(running)
    project = api.project()
    with disk_held(running):
        first, _ = in_background(lambda: rename(running, project, "same"))
        wait_for_pending(running, project)
        second, answers = in_background(lambda: rename(running, project, "same"))
        second.join(0.5)
        assert second.is_alive()
    first.join(20)
    second.join(20)
    assert answers[0].json()["edit_id"] is None
    assert answers[0].json()["version"] == api.get(f"/projects/{project}")["version"]


def test_an_edit_whose_caller_hangs_up_is_kept_and_seen(running: Running) -> None:
    api = Caller(running)
    project = api.project()
    with disk_held(running):
        host, port = running.url.removeprefix("http://").split(":")
        body = b'{"ops": [{"op": "rename_project", "name": "kept"}]}'
        head = f"POST /api/v1/projects/{project}/edits HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        with socket.create_connection((host, int(port))) as line:
            line.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            wait_for_pending(running, project)
    answer = rename(running, project, "after")
    assert answer.status_code == 200
    newest = answer.json()["version"]
    assert [api.get(f"/projects/{project}?version={v}")["name"] for v in (newest - 1, newest)] == ["kept", "after"]


class _Held:
    """A log whose answers come when the test says so."""

    def __init__(self, log: SqliteLog) -> None:
        self.log = log
        self.held: list[tuple[Edit, Future[list[Record]]]] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.log, name)

    def submit(self, edit: Edit) -> Future[list[Record]]:
        if self.held is None:
            return self.log.submit(edit)
        self.held.append((edit, Future()))
        return self.held[-1][1]


@pytest.mark.parametrize("turns", range(8))
async def test_nothing_changed_is_never_said_of_a_version_that_was_not_kept(tmp_path: Path, turns: int) -> None:
    """A keyed request that changes nothing comes between an edit that fails and another that changes nothing."""
    log = SqliteLog(tmp_path / "log.db", "normal")
    held = _Held(log)
    keys, heads, metrics = Keys(held), Heads(held, Metrics()), Metrics()
    commits, travel = Commits(held, heads, keys, metrics), Travel(held, heads)
    projects = Projects(held, heads, commits, travel, Shelf(), metrics)

    def renamed(name: str, key: str | None = None) -> asyncio.Task[Answered]:
        wish = Asked(asking.Caller("ada", "c"), b"{}", name.encode(), (), Key(key, name.encode()) if key else None)
        return asyncio.create_task(projects.edit("p", ops({"op": "rename_project", "name": name}), wish))

    await projects.create("p", "begun", SetOutput(), Asked(asking.Caller("ada", "c"), b"{}", b"begin"))
    held.held = []
    first = renamed("one")
    for _ in range(10):
        await asyncio.sleep(0)
    nothing = renamed("one", "k")  # waits for the first
    for _ in range(10):
        await asyncio.sleep(0)
    edit, answer = held.held.pop()
    answer.set_result(log.submit(edit).result())
    for _ in range(turns):
        await asyncio.sleep(0)
    failing = renamed("two")
    for _ in range(20):
        await asyncio.sleep(0)
    on_it = renamed("two")
    for _ in range(20):
        await asyncio.sleep(0)
    under_way, held.held = held.held, None
    for edit, answer in under_way:
        if edit.facts:
            answer.set_exception(Refused("storage_full", "no room"))
        else:
            answer.set_result(log.submit(edit).result())
    answers = await asyncio.gather(first, nothing, failing, on_it, return_exceptions=True)
    versions = [msgspec.json.decode(a.body)["version"] for a in answers if isinstance(a, Answered)]
    assert len(versions) == 3
    assert isinstance(answers[2], Refused)
    assert max(versions) <= log.version("project-p")
    heads.close()
    log.close()
