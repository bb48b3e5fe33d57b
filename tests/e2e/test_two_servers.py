"""Two servers on one log: what one accepted the other knows, of two writers one wins, and nothing is lost."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.e2e.servers import Served, served
from tests.postgres import Server

SOON = 30.0
LATER = {"op": "rename_project", "name": "later"}


@pytest.fixture(scope="module")
def pair(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """Two servers on a new log, each with a DATA_DIR of its own."""
    folder, url = tmp_path_factory.mktemp("pair"), postgres.database()
    with ExitStack() as stack:
        one, two = (stack.enter_context(served(folder / name, STOAT_LOG=url)) for name in ("one", "two"))
        yield one, two


def created(server: Served, name: str) -> str:
    """A new project."""
    response = server.call("POST", "/projects", {"name": name})
    assert response.status_code == 201, response.text
    project: str = response.json()["id"]
    return project


def feed(server: Served) -> list[dict[str, Any]]:
    """Every event, read page by page."""
    events: list[dict[str, Any]] = []
    while True:
        page = server.get(f"/events?after={events[-1]['position'] if events else 0}&limit=200")
        if not page["items"]:
            return events
        events += page["items"]


def test_a_read_sees_what_the_other_server_has_just_answered(pair: tuple[Served, Served]) -> None:
    project = created(pair[0], "to and fro")
    for number in range(40):
        writer, reader = pair[number % 2], pair[1 - number % 2]
        version = writer.edit(project, {"op": "rename_project", "name": f"name {number}"}).json()["version"]
        seen = reader.get(f"/projects/{project}")
        assert (seen["version"], seen["name"]) == (version, f"name {number}")
        listed = reader.get(f"/projects/{project}/history?limit=1")["items"]
        assert [entry["version"] for entry in listed] == [version]


def test_lists_of_one_server_have_what_the_other_accepted(pair: tuple[Served, Served]) -> None:
    project = created(pair[0], "listed elsewhere")
    assert project in [entry["id"] for entry in pair[1].get("/projects?limit=100")["items"]]


def test_one_wins_at_every_expected_version(pair: tuple[Served, Served]) -> None:
    project = created(pair[0], "raced for")
    version = 1
    with ThreadPoolExecutor(4) as pool:
        for number in range(30):
            start = threading.Barrier(4)

            def push(hand: int, start: threading.Barrier = start, version: int = version) -> tuple[int, Any]:
                start.wait()
                op = {"op": "rename_project", "name": f"{version}-{hand}"}
                response = pair[hand % 2].edit(project, op, expected_version=version)
                return response.status_code, response.json().get("code")

            outcomes = sorted(future.result() for future in [pool.submit(push, hand) for hand in range(4)])
            assert outcomes == [(200, None)] + [(409, "version_conflict")] * 3, number
            version += 1
    assert [server.get(f"/projects/{project}")["version"] for server in pair] == [version, version]


def test_writers_on_two_servers_lose_nothing(pair: tuple[Served, Served]) -> None:
    project = created(pair[0], "written to by both")
    tracks: dict[int, list[str]] = {hand: [] for hand in range(4)}
    refused: list[str] = []

    def push(hand: int) -> None:
        for number in range(25):
            name = f"t{hand}-{number}"
            response = pair[hand % 2].edit(project, {"op": "add_track", "id": name, "type": "video"})
            if response.status_code == 200:
                tracks[hand].append(name)
            else:
                refused.append(response.json()["code"])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(push, tracks))
    assert set(refused) <= {"version_conflict"}
    accepted = sorted(name for names in tracks.values() for name in names)
    print(f"{len(accepted)} accepted, {len(refused)} refused as conflicts")
    states = [server.get(f"/projects/{project}") for server in pair]
    assert states[0] == states[1]
    assert sorted(track["id"] for track in states[0]["tracks"]) == accepted
    assert len(accepted) >= 60
    for hand, names in tracks.items():
        mine = [track["id"] for track in states[0]["tracks"] if track["id"].startswith(f"t{hand}-")]
        assert mine == names  # in the order in which they were accepted


def test_a_key_is_answered_once_whichever_server_it_comes_to(pair: tuple[Served, Served]) -> None:
    project = created(pair[0], "asked twice")
    for number in range(20):
        start = threading.Barrier(2)

        def push(server: Served, start: threading.Barrier = start, number: int = number) -> Any:
            start.wait()
            op = {"op": "add_track", "id": f"k{number}", "type": "audio"}
            return server.call(
                "POST", f"/projects/{project}/edits", {"ops": [op]}, Idempotency_Key=f"{project}-{number}"
            )

        with ThreadPoolExecutor(2) as pool:
            first, second = pool.map(push, pair)
        assert [first.status_code, second.status_code] == [200, 200], (first.text, second.text)
        assert first.content == second.content
    assert len(pair[0].get(f"/projects/{project}")["tracks"]) == 20
    other = pair[1].call("POST", f"/projects/{project}/edits", {"ops": [LATER]}, Idempotency_Key=f"{project}-0")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_the_feeds_are_one(pair: tuple[Served, Served]) -> None:
    one, two = feed(pair[0]), feed(pair[1])
    assert one == two
    assert [event["position"] for event in one] == list(range(1, len(one) + 1))


def test_a_stream_hears_of_the_other_servers_edits(pair: tuple[Served, Served]) -> None:
    project, heard = created(pair[0], "listened to"), threading.Event()
    position = pair[1].get("/events?after=0&limit=1")["position"]

    def listen() -> None:
        url = f"{pair[1].url}/api/v1/events/stream"
        with httpx2.stream("GET", url, headers={"Last-Event-ID": str(position)}, timeout=SOON) as stream:
            for line in stream.iter_lines():
                if "heard elsewhere" in line:
                    heard.set()
                    return

    thread = threading.Thread(target=listen)
    thread.start()
    time.sleep(0.3)  # it is listening by now, and has come to the end
    pair[0].edit(project, {"op": "rename_project", "name": "heard elsewhere"})
    assert heard.wait(SOON)
    thread.join()


def test_no_password_is_shown(pair: tuple[Served, Served]) -> None:
    shown = [pair[0].call("GET", "/system/info").text, pair[0].errors.read_text()]
    shown.append(httpx2.get(f"{pair[0].url}/health/ready", timeout=SOON).text)
    assert "PostgreSQL database" in shown[0] and "PostgreSQL database" in shown[2]
    assert [text for text in shown if "secret-word" in text] == []


def test_the_command_line_works_on_the_same_log(pair: tuple[Served, Served], tmp_path: Path) -> None:
    """With servers running on it, and without making, leading or changing anything."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STOAT_")}
    environment |= {"STOAT_DATA_DIR": str(tmp_path / "data"), "STOAT_LOG": pair[0].log, "STOAT_URL": pair[1].url}

    def stoat(*words: str) -> str:
        argv = [sys.executable, "-m", "adapters.cli", *words]
        finished = subprocess.run(argv, env=environment, capture_output=True, text=True)
        assert finished.returncode == 0, finished.stderr
        assert "secret-word" not in finished.stdout + finished.stderr
        return finished.stdout

    created(pair[0], "to be copied")
    position = len(feed(pair[0]))
    assert json.loads(stoat("log", "verify", "--json"))["position"] == position
    assert len(stoat("log", "tail", "--json").splitlines()) == position
    assert json.loads(stoat("log", "backup", str(tmp_path / "copy.db"), "--json"))["position"] == position
    assert {view["position"] for view in json.loads(stoat("replay", "--json"))["projections"]} == {position}
    assert {view["equal"] for view in json.loads(stoat("replay", "--check", "--json"))["projections"]} == {True}
    assert "PostgreSQL" in stoat("doctor")
