"""From the signal to the end: no write begins, nobody is kept waiting, and what was under way is done."""

import threading
from pathlib import Path
from typing import Any

import httpx2
from starlette.routing import Route
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from adapters.http.api import create_api
from tests.http.client import BASE, Caller, read, refused
from tests.http.server import serving
from tests.http.test_unsure_ground import disk_held, in_background, rename, wait_for_pending


def test_every_write_is_refused_and_reads_go_on(tmp_path: Path, media: Path) -> None:
    with serving(tmp_path, media) as running:
        api = Caller(running)
        project = api.project()
        routes = [route for route in create_api(running.behind).routes if isinstance(route, Route)]
        writes = [(method, r.path) for r in routes for method in (r.methods or set()) - {"GET", "HEAD"}]
        assert len(writes) > 30
        running.begin_to_end()
        for method, path in writes:
            answer = api.raw(method, path, b"{}")
            refused(answer, 503, "draining")
            assert int(answer.headers["retry-after"]) > 0
        assert api.get(f"/projects/{project}")["version"] == running.behind.projects.at(project).version


def test_what_waits_ends_and_what_was_under_way_is_answered(tmp_path: Path, media: Path) -> None:
    with serving(tmp_path, media) as running:
        api = Caller(running)
        project = api.project()
        body = {"project_id": project}
        source = str(media / "hello_720p30.mp4")
        scan = api.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
        assert api.get(f"/jobs/{scan}?wait_s=60")["status"] == "completed"
        api.edit(project, {"op": "add_clip", "track": "v", "source": source, "at": 0})
        render = api.do("POST", "/render/start", body)["job_id"]  # nobody makes it: there are no executors
        began = threading.Barrier(3)
        stream, streamed = in_background(lambda: _read_to_the_end(running.url, began))
        socket, closed = in_background(lambda: _hear_to_the_end(running.url, began))
        poll, polled = in_background(lambda: Caller(running).get(f"/jobs/{render}?wait_s=60"))
        began.wait(20)
        with disk_held(running):
            edit, edited = in_background(lambda: rename(running, project, "under way"))
            wait_for_pending(running, project)
            running.begin_to_end()
            for waiting in (stream, socket, poll):
                waiting.join(20)  # far less than the 60 s of the poll, and the stream has no end of its own
                assert not waiting.is_alive()
            assert edit.is_alive()
        edit.join(20)
        assert read(edited[0])["version"] == api.get(f"/projects/{project}")["version"]
        assert polled[0]["status"] in ("queued", "running")
        assert streamed == [True]
        assert closed == [1012]  # come back: the server restarts


def _read_to_the_end(url: str, began: threading.Barrier) -> bool:
    """Whether a stream of events ends by itself, whole."""
    with httpx2.Client(timeout=60) as http, http.stream("GET", f"{url}{BASE}/events/stream?after=0") as answer:
        texts = answer.iter_bytes()
        next(texts)
        began.wait(20)
        for _ in texts:
            pass
    return True


def _hear_to_the_end(url: str, began: threading.Barrier) -> Any:
    """The code that a socket is closed with."""
    with connect(url.replace("http", "ws") + f"{BASE}/ws?after=0") as socket:
        socket.recv()
        began.wait(20)
        try:
            while True:
                socket.recv()
        except ConnectionClosed:
            return socket.close_code
