"""Idempotency keys on everything that is no edit of a project: the same request at the same moment is one, and later
ones get the first answer, whatever has become of what it was about."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from adapters.webhooks import delivery
from tests.contracts.receiver import receiving
from tests.http.client import Caller, Json, refused
from tests.http.server import serving


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, media: Path) -> Iterator[Caller]:
    """A server that nobody else has, with a project ``film`` that can be rendered."""
    folder = tmp_path_factory.mktemp("keys")
    with serving(folder / "data", media, webhook_allow_private=True) as running:
        api = Caller(running)
        job = api.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
        assert api.get(f"/jobs/{job}?wait_s=60")["status"] == "completed"
        film = api.do("POST", "/projects", {"name": "film", "id": "film"})["id"]
        source = str(media / "hello_720p30.mp4")
        track = {"op": "add_track", "id": "v", "type": "video"}
        api.edit(film, track, {"op": "add_clip", "track": "v", "source": source, "at": 0, "out_point": 1})
        yield api


def at_once(api: Caller, callers: int, method: str, path: str, body: Json | None, key: str) -> list[httpx2.Response]:
    """The same request from so many callers, none of which waits for another."""
    answers: list[httpx2.Response] = []
    ready = threading.Barrier(callers)

    def send() -> None:
        caller = Caller(api.running)
        ready.wait()
        answers.append(caller.send(method, path, body, Idempotency_Key=key))

    threads = [threading.Thread(target=send) for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def same(first: httpx2.Response, again: httpx2.Response) -> None:
    """The second is the first one's answer, and says so."""
    assert (again.status_code, again.content) == (first.status_code, first.content), again.text
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")


def test_a_render_asked_for_many_times_at_once_is_one(api: Caller) -> None:
    path = str(api.running.behind.renders._folder / "once.mp4")  # the same file for all: no two renders may write it
    body = {"project_id": "film", "output_path": path}
    answers = at_once(api, 6, "POST", "/render/start", body, "k-render")
    assert {answer.status_code for answer in answers} == {202}, [answer.text for answer in answers]
    assert len({answer.json()["job_id"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    job = answers[0].json()["job_id"]
    cancelled = api.send("POST", f"/render/jobs/{job}/cancel", Idempotency_Key="k-cancel")
    assert cancelled.json()["status"] == "cancelled"
    same(cancelled, api.send("POST", f"/render/jobs/{job}/cancel", Idempotency_Key="k-cancel"))
    refused(api.send("POST", "/render/start", body | {"version": 1}, Idempotency_Key="k-render"), 422, "key_reused")


def test_the_next_one_tries_where_the_first_was_refused(api: Caller) -> None:
    body = {"project_id": "film", "output_path": "/nowhere/film.mp4"}
    answers = at_once(api, 3, "POST", "/render/start", body, "k-refused")
    assert {answer.json()["code"] for answer in answers} == {"path_not_allowed"}


def test_of_webhooks_every_answer_is_kept(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.000001)
    with receiving() as endpoint:
        endpoint.answer = lambda _: 500
        hook = api.do("POST", "/webhooks", {"url": f"{endpoint.url}/hook", "project": "film"})["id"]
        for name in ("n0", "n1", "n2"):
            api.edit("film", {"op": "rename_project", "name": name})
        for _ in range(200):
            if api.get(f"/webhooks/{hook}")["status"] == "disabled":
                break
            time.sleep(0.05)
        dead, other, _ = api.get(f"/webhooks/{hook}/dead-letters")["items"]
        failing = f"/webhooks/{hook}/dead-letters/{other['position']}/resend"
        failed = api.send("POST", failing, Idempotency_Key="k-failed")
        assert failed.json()["delivered"] is False
        endpoint.answer = lambda _: 200
        same(failed, api.send("POST", failing, Idempotency_Key="k-failed"))
        endpoint.letters.clear()
        path = f"/webhooks/{hook}/dead-letters/{dead['position']}/resend"
        answers = at_once(api, 4, "POST", path, None, "k-resend")
        assert [answer.json()["delivered"] for answer in answers] == [True] * 4
        assert endpoint.positions() == [dead["position"]]
        assert api.running.behind.log.read(f"webhook-{hook}")[-1].actor == "tester"  # who asked, not the machinery
        enabled = api.send("POST", f"/webhooks/{hook}/enable", Idempotency_Key="k-enable")
        assert enabled.json()["status"] == "enabled"
        rotated = api.send("POST", f"/webhooks/{hook}/secret", Idempotency_Key="k-rotate")
        removed = api.send("DELETE", f"/webhooks/{hook}", Idempotency_Key="k-remove")
        for first, again in (
            (enabled, api.send("POST", f"/webhooks/{hook}/enable", Idempotency_Key="k-enable")),
            (rotated, api.send("POST", f"/webhooks/{hook}/secret", Idempotency_Key="k-rotate")),
            (removed, api.send("DELETE", f"/webhooks/{hook}", Idempotency_Key="k-remove")),
        ):
            same(first, again)


def test_what_was_deleted_is_deleted_once(api: Caller, media: Path) -> None:
    project = api.project()
    clip = {"source": str(media / "hello_720p30.mp4"), "track": "v", "at": 0, "id": "once"}
    api.do("POST", f"/projects/{project}/clips", clip)
    picture = next(item for item in api.get("/videos")["items"] if item["kind"] == "image")
    for path in ("/clips/once", f"/projects/{project}/tracks/m", f"/projects/{project}", f"/videos/{picture['id']}"):
        first = api.send("DELETE", path, Idempotency_Key=f"k{path}")
        assert first.is_success
        same(first, api.send("DELETE", path, Idempotency_Key=f"k{path}"))


def test_a_scan_has_one_job_and_begins_again_under_its_id_after_a_restart(tmp_path: Path, media: Path) -> None:
    body = {"path": str(media)}
    with serving(tmp_path, media) as running:
        answers = at_once(Caller(running), 4, "POST", "/videos/scan", body, "k-scan")
        (job,) = {answer.json()["job_id"] for answer in answers}
        assert Caller(running).get(f"/jobs/{job}?wait_s=60")["result"]["new"] == 4
    with serving(tmp_path, media) as running:
        api = Caller(running)
        refused(api.send("GET", f"/jobs/{job}"), 404, "unknown_job")
        again = api.send("POST", "/videos/scan", body, Idempotency_Key="k-scan")
        assert (again.json(), again.headers["idempotency-replayed"]) == ({"job_id": job}, "true")
        assert api.get(f"/jobs/{job}?wait_s=60")["result"]["new"] == 0
