"""Events over every way out, through real sockets: one shape, one order, one set of filters, and no harm from those
who do not read."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from adapters.http import subscribers
from domain.errors import Refused
from tests.http.client import BASE, Caller, refused
from tests.http.server import Running, serving
from tests.http.test_events import listen

Json = dict[str, Any]


def ws(api: Caller, query: str = "") -> ClientConnection:
    return connect(f"ws{api.running.url.removeprefix('http')}{BASE}/ws?{query}", max_size=None)


def heard(connection: ClientConnection, count: int) -> list[Json]:
    """The next so many events; signs of life are passed over."""
    found: list[Json] = []
    while len(found) < count:
        said = json.loads(connection.recv(timeout=20))
        found += [said] if "specversion" in said else []
    return found


def closed(connection: ClientConnection) -> tuple[int, str]:
    with pytest.raises(ConnectionClosed) as end:
        while True:
            connection.recv(timeout=20)
    assert end.value.rcvd is not None
    return end.value.rcvd.code, end.value.rcvd.reason


def test_every_way_out_gives_the_same_events(api: Caller) -> None:
    start = api.running.behind.log.position()
    project = api.project()
    api.edit(project, {"op": "rename_project", "name": "Zoë's film"})
    end = api.running.behind.log.position()
    paged = api.get(f"/events?after={start}")["items"]
    streamed = [json.loads(event["data"]) for event in listen(api, end - start, **{"Last-Event-ID": str(start)})]
    with ws(api, f"after={start}") as connection:
        sent = heard(connection, end - start)
    assert paged == streamed == sent
    event = paged[-1]
    assert {name: event[name] for name in ("specversion", "source", "datacontenttype")} == {
        "specversion": "1.0",
        "source": "urn:stoat-ferret:log",
        "datacontenttype": "application/json",
    }
    assert (event["type"], event["subject"]) == ("dev.stoat-ferret.project_renamed.1", f"project-{project}")
    assert (event["project"], event["actor"], event["position"]) == (project, "tester", end)
    assert event["data"] == {"type": "project_renamed.1", "name": "Zoë's film"}
    # CloudEvents 1.0, 3.1: names of attributes are lower-case letters and digits
    assert all(name.isascii() and name.isalnum() and name == name.lower() for name in event)


def test_a_projects_events_are_those_of_its_renders_too(api: Caller, film: str) -> None:
    start = api.running.behind.log.position()
    project, other = api.project(), api.project()
    api.edit(project, {"op": "add_clip", "track": "v", "source": film, "at": 0, "out_point": 1})
    job = api.do("POST", "/render/start", {"project_id": project})["job_id"]
    api.edit(other, {"op": "rename_project", "name": "not this one"})
    api.do("POST", f"/render/jobs/{job}/cancel")
    ours = api.get(f"/events?after={start}&project={project}&limit=500")["items"]
    assert {event["subject"] for event in ours} == {f"project-{project}", f"render-{job}"}
    assert {event["project"] for event in ours} == {project}
    with ws(api, f"after={start}&project={project}&types=render_requested,render_cancelled.1") as connection:
        assert [event["data"]["type"] for event in heard(connection, 2)] == ["render_requested.1", "render_cancelled.1"]
    with ws(api, f"after={start}&project={other}&types=render_requested,project_renamed") as connection:
        assert heard(connection, 1)[0]["data"]["name"] == "not this one"


def test_a_websocket_resumes_by_its_cursor(api: Caller) -> None:
    project = api.project()
    with ws(api, f"project={project}") as connection:
        cursor = json.loads(connection.recv(timeout=20))["reached"]
        assert cursor == api.running.behind.log.position()
        api.edit(project, {"op": "rename_project", "name": "n0"})
        (first,) = heard(connection, 1)
    for number in (1, 2):
        api.edit(project, {"op": "rename_project", "name": f"n{number}"})
    with ws(api, f"project={project}&after={first['position']}") as connection:
        rest = heard(connection, 2)
    assert [event["data"]["name"] for event in [first, *rest]] == ["n0", "n1", "n2"]


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("after=-1", 4400, "after"),
        ("after=x", 4400, "after"),
        ("types=clip_aded", 4400, "clip_added"),
        ("project=a/b", 4400, "project"),
        ("project=nobody", 4400, "unknown_project"),
        ("colour=blue", 4400, "colour"),
        ("after=1&after=2", 4400, "twice"),
        ("after=1000000000", 4409, "cursor_ahead"),
    ],
)
def test_bad_arguments_close_a_websocket_with_a_reason(api: Caller, query: str, code: int, said: str) -> None:
    with ws(api, query) as connection:
        found, reason = closed(connection)
    assert (found, said in reason) == (code, True), reason


def test_a_page_of_another_origin_reads_nothing(api: Caller) -> None:
    url = f"ws{api.running.url.removeprefix('http')}{BASE}/ws?after=0"
    for origin in ("https://elsewhere.example", "null", f"{api.running.url}.example"):
        with connect(url, origin=Origin(origin)) as connection:
            assert closed(connection)[0] == 4403
    with connect(url, origin=Origin(api.running.url)) as connection:
        assert heard(connection, 1)[0]["position"] == 1


def test_a_websocket_takes_no_messages(api: Caller) -> None:
    with ws(api) as connection:
        connection.send("hello")
        assert closed(connection)[0] == 4400


def test_a_project_that_never_was_is_refused_everywhere(api: Caller) -> None:
    for path in ("/events", "/events/stream"):
        refused(api.send("GET", f"{path}?project=nobody"), 404, "unknown_project", "project")
    hook = {"url": "https://192.0.2.1/", "project": "nobody"}
    refused(api.send("POST", "/webhooks", hook), 404, "unknown_project", "project")
    gone = api.project()
    api.do("DELETE", f"/projects/{gone}")
    assert api.get(f"/events?project={gone}")["items"][-1]["data"]["type"] == "project_deleted.1"


def test_a_cursor_beyond_the_log_is_refused_everywhere(api: Caller) -> None:
    for path in ("/events?after=1000000000", "/events/stream?after=1000000000"):
        refused(api.send("GET", path), 409, "cursor_ahead", "after")
    refused(api.send("GET", "/events?types=clip_aded"), 422, "invalid_field", "types")


def test_a_stream_from_now_on_begins_with_its_cursor(api: Caller) -> None:
    with httpx2.stream("GET", f"{api.running.url}{BASE}/events/stream", timeout=20) as response:
        lines = response.iter_lines()
        assert next(lines) == "retry: 1000"
        assert next(lines) == f"id: {api.running.behind.log.position()}"


def test_a_drain_says_so(tmp_path: Path, media: Path) -> None:
    with ExitStack() as listening:
        with serving(tmp_path / "data", media) as running:
            connection = listening.enter_context(ws(Caller(running)))
            connection.recv(timeout=20)
            url = f"{running.url}{BASE}/events/stream"
            lines = listening.enter_context(httpx2.stream("GET", url, timeout=20)).iter_lines()
            assert next(lines) == "retry: 1000"
        assert closed(connection)[0] == 1012
        assert len(list(lines)) <= 3  # the rest of what was sent at first, then the end


class Deaf:
    """A subscriber on a plain socket that asks and then does not read."""

    def __init__(self, running: Running, request: str) -> None:
        host, port = running.url.removeprefix("http://").split(":")
        self.socket = socket.socket()
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((host, int(port)))
        upgrade = UPGRADE if request.startswith("/ws") else ""
        self.socket.sendall(f"GET {BASE}{request} HTTP/1.1\r\nHost: {host}\r\n{upgrade}\r\n".encode())


UPGRADE = (
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)


@pytest.fixture
def own(tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Caller]:
    """A server that waits a second for those who do not read."""
    monkeypatch.setattr(subscribers, "PATIENCE", 1.0)
    with serving(tmp_path / "own", media) as running:
        yield Caller(running)


@pytest.mark.parametrize(("request_line", "kind"), [("/events/stream?after=0", "sse"), ("/ws?after=0", "ws")])
def test_one_who_does_not_read_is_dropped_and_slows_nobody(own: Caller, request_line: str, kind: str) -> None:
    project = own.project()
    deaf = [Deaf(own.running, request_line) for _ in range(3)]
    found: list[Json] = []
    reader = threading.Thread(target=lambda: found.extend(all_until(own, "the end")))
    reader.start()
    held: list[int] = []
    done = threading.Event()
    sampler = threading.Thread(target=lambda: sample(own.running, held, done))
    sampler.start()
    for batch in range(12):
        ops = [{"op": "rename_project", "name": f"{batch}-{number}-".ljust(190, "x")} for number in range(1000)]
        own.edit(project, *ops)
    own.edit(project, {"op": "rename_project", "name": "the end"})
    end = own.running.behind.log.position()
    reader.join(60)
    # the one who reads has everything, in order, whatever the others do
    assert [event["position"] for event in found] == list(range(1, end + 1))
    until(lambda: f'feed_subscribers_dropped_total{{kind="{kind}"}} 3.0' in own.raw("GET", "/metrics", None).text)
    until(lambda: f'feed_subscribers{{kind="{kind}"}} 0.0' in own.raw("GET", "/metrics", None).text)
    done.set()
    sampler.join()
    # what the server held for any of them at any time: a piece above uvicorn's mark, however much was written
    assert 0 < max(held) < 512 * 1024
    # the dropped one has what its socket still held, goes on from there, and has missed nothing
    cursor = last_position(deaf[0].socket)
    assert 0 < cursor < end
    assert [event["position"] for event in all_until(own, "the end", cursor)] == list(range(cursor + 1, end + 1))


def test_a_log_that_cannot_be_read_ends_a_websocket_with_a_reason(own: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    own.project()

    def damaged(*_: object) -> None:
        raise Refused("log_corrupt", "planted")

    monkeypatch.setattr(own.running.behind.log, "read_all", damaged)
    with ws(own, "after=0") as connection:
        assert closed(connection) == (1011, "The log can't be read now: come back with the last position [log_corrupt]")
    refused(own.send("GET", "/events"), 503, "log_corrupt")


def sample(running: Running, held: list[int], done: threading.Event) -> None:
    """Note over and over how many bytes the server holds for each of its connections."""
    assert running.server is not None
    while not done.wait(0.005):
        connections: list[Any] = list(running.server.server_state.connections)
        held += [connection.transport.get_write_buffer_size() for connection in connections]


def all_until(api: Caller, name: str, after: int = 0) -> list[Json]:
    """Every event from a position to the one that says a name."""
    found: list[Json] = []
    with ws(api, f"after={after}") as connection:
        while not found or found[-1]["data"].get("name") != name:
            found += heard(connection, 1)
    return found


def last_position(deaf: socket.socket) -> int:
    """The last position in what a cut connection had delivered to this side."""
    deaf.settimeout(5)
    got = b""
    try:
        while piece := deaf.recv(65536):
            got += piece
    except (TimeoutError, ConnectionError):
        pass
    return int(got.rpartition(b'"position":')[2].partition(b",")[0] or 0)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came true")
