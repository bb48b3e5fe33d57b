"""While an edit is on its way to the disk: nobody sees it, nothing is answered that stands on it, and whoever hangs up
loses nothing."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

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
