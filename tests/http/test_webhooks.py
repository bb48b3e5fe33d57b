"""Webhooks end to end: a real server, a real endpoint, and what becomes of events that nobody takes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from adapters.eventstore.sqlite import SqliteLog
from adapters.webhooks import delivery, hooks
from domain.errors import Refused
from domain.webhook import decide
from tests.contracts.receiver import Endpoint, Letter, receiving
from tests.http.client import Caller, Json, refused
from tests.http.server import serving


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits of milliseconds: the same eight tries."""
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.000001)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps everything."""
    return tmp_path_factory.mktemp("webhooks")


@pytest.fixture(scope="module")
def api(folder: Path) -> Iterator[Caller]:
    """A server that may write to this machine."""
    (folder / "media").mkdir()
    with serving(folder / "data", folder / "media", webhook_allow_private=True) as running:
        yield Caller(running)


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with receiving() as endpoint:
        yield endpoint


def add(api: Caller, endpoint: Endpoint, **fields: Any) -> Json:
    return api.do("POST", "/webhooks", {"url": f"{endpoint.url}/hook", **fields})


def rename(api: Caller, project: str, *names: str) -> list[int]:
    """So many edits; the positions of their facts."""
    start = api.running.behind.log.position()
    for name in names:
        api.edit(project, {"op": "rename_project", "name": name})
    events = api.get(f"/events?after={start}&project={project}")["items"]
    return [event["position"] for event in events]


def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        time.sleep(0.02)
    raise AssertionError("it never came true")


def test_events_come_signed_in_order_and_as_everywhere(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    made = add(api, endpoint, project=project, types=["project_renamed"])
    positions = rename(api, project, "n0", "n1", "n2")
    rename(api, api.project(), "of another project")
    until(lambda: len(endpoint.letters) == 3)
    for letter in endpoint.letters:
        Webhook(made["secret"]).verify(letter.body, letter.headers)
        assert letter.headers["content-type"] == "application/cloudevents+json"
        assert letter.headers["webhook-id"] == letter.event["id"]
    events = [letter.event for letter in endpoint.letters]
    assert events == api.get(f"/events?after={positions[0] - 1}&project={project}")["items"]
    assert [event["data"]["name"] for event in events] == ["n0", "n1", "n2"]
    assert 'webhook_deliveries_total{outcome="delivered"}' in api.raw("GET", "/metrics", None).text


def test_a_new_endpoint_may_begin_at_zero(api: Caller, endpoint: Endpoint) -> None:
    api.project()
    add(api, endpoint, after=0)
    end = api.running.behind.log.position()
    theirs = [e["position"] for e in pages(api) if not e["subject"].startswith("webhook-") and e["position"] <= end]
    until(lambda: len(endpoint.letters) >= len(theirs))
    assert endpoint.positions()[: len(theirs)] == theirs


def pages(api: Caller) -> Iterator[Json]:
    after = 0
    while items := api.get(f"/events?after={after}&limit=500")["items"]:
        yield from items
        after = items[-1]["position"]


def test_an_event_is_tried_again_under_its_id_and_those_behind_it_wait(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    answers = iter([500, 503, 404])
    endpoint.answer = lambda _: next(answers, 200)
    add(api, endpoint, project=project)
    first, second = rename(api, project, "n0", "n1")
    until(lambda: len(endpoint.letters) == 5)
    assert endpoint.positions() == [first, first, first, first, second]
    assert len({letter.headers["webhook-id"] for letter in endpoint.letters[:4]}) == 1


def test_after_eight_tries_it_is_a_dead_letter_and_the_next_is_sent(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    refusing = {"n0"}
    endpoint.answer = lambda letter: 500 if letter.event["data"]["name"] in refusing else 200
    hook = add(api, endpoint, project=project)["id"]
    first, second = rename(api, project, "n0", "n1")
    until(lambda: second in endpoint.positions())
    assert endpoint.positions() == [first] * 8 + [second]
    (dead,) = api.get(f"/webhooks/{hook}/dead-letters")["items"]
    assert (dead["position"], dead["attempts"], dead["fault"]) == (first, 8, "The endpoint answered 500")
    # it is a fact, with who and why
    (fact,) = [e for e in pages(api) if e["type"].endswith("webhook_dead_lettered.1") and hook in e["subject"]]
    assert (fact["actor"], fact["data"]["event"]) == ("webhooks", endpoint.letters[0].event["id"])
    # sent again it may fail again, and is still there; taken, it is gone
    again = f"/webhooks/{hook}/dead-letters/{first}/resend"
    assert api.do("POST", again) == {"position": first, "delivered": False, "fault": "The endpoint answered 500"}
    refusing.clear()
    assert api.do("POST", again)["delivered"] is True
    assert endpoint.letters[-1].headers["webhook-id"] == dead["event_id"]
    assert api.get(f"/webhooks/{hook}/dead-letters")["items"] == []
    refused(api.send("POST", again), 404, "unknown_dead_letter")


def test_one_that_goes_on_failing_is_disabled_and_resumes_without_a_gap(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    endpoint.answer = lambda _: 500
    hook = add(api, endpoint, project=project)["id"]
    positions = rename(api, project, *(f"n{number}" for number in range(6)))
    until(lambda: api.get(f"/webhooks/{hook}")["status"] == "disabled")
    seen = api.get(f"/webhooks/{hook}")
    assert (seen["dead_letters"], seen["reason"]) == (
        3,
        "webhook_failing: 3 events in a row: The endpoint answered 500",
    )
    assert endpoint.positions() == [position for position in positions[:3] for _ in range(8)]
    endpoint.answer = lambda _: 200
    endpoint.letters.clear()
    assert api.do("POST", f"/webhooks/{hook}/enable")["status"] == "enabled"
    until(lambda: len(endpoint.letters) == 3)
    assert endpoint.positions() == positions[3:]
    dead = api.get(f"/webhooks/{hook}/dead-letters?limit=2")
    assert [letter["position"] for letter in dead["items"]] == positions[:2]
    rest = api.get(f"/webhooks/{hook}/dead-letters?limit=2&cursor={dead['next_cursor']}")
    assert ([letter["position"] for letter in rest["items"]], rest["next_cursor"]) == (positions[2:3], None)


def test_an_endpoint_that_says_gone_is_disabled_at_once(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    endpoint.answer = lambda _: 410
    hook = add(api, endpoint, project=project)["id"]
    rename(api, project, "n0")
    until(lambda: api.get(f"/webhooks/{hook}")["status"] == "disabled")
    assert api.get(f"/webhooks/{hook}")["reason"] == "webhook_gone: The endpoint answered 410"
    assert len(endpoint.letters) == 1


def test_two_that_fail_do_not_write_each_other_letters(api: Caller, endpoint: Endpoint) -> None:
    """Their own facts go to no webhook: or one dead letter would make the next."""
    project = api.project()
    endpoint.answer = lambda _: 500
    both = [add(api, endpoint)["id"] for _ in range(2)]
    rename(api, project, "n0")
    until(lambda: all(api.get(f"/webhooks/{hook}")["dead_letters"] == 1 for hook in both))
    position = api.running.behind.log.position()
    time.sleep(0.3)
    assert api.running.behind.log.position() == position
    for hook in both:
        api.do("DELETE", f"/webhooks/{hook}")


def test_a_removed_webhook_gets_nothing_more(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    hook = add(api, endpoint, project=project)["id"]
    assert api.do("DELETE", f"/webhooks/{hook}") == {"id": hook, "removed": True}
    rename(api, project, "n0")
    time.sleep(0.2)
    assert endpoint.letters == []
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("POST", "/enable"),
        ("POST", "/secret"),
        ("GET", "/dead-letters"),
    ):
        refused(api.send(method, f"/webhooks/{hook}{path}"), 404, "unknown_webhook")
    assert hook not in {item["id"] for item in api.get("/webhooks")["items"]}


def test_a_new_secret_is_signed_with_beside_the_old_one(api: Caller, endpoint: Endpoint) -> None:
    project = api.project()
    made = add(api, endpoint, project=project)
    newer = api.do("POST", f"/webhooks/{made['id']}/secret")["secret"]
    rename(api, project, "n0")
    until(lambda: len(endpoint.letters) == 1)
    (letter,) = endpoint.letters
    assert newer != made["secret"]
    for secret in (newer, made["secret"]):
        Webhook(secret).verify(letter.body, letter.headers)


def test_a_secret_is_told_again_to_the_same_request_and_is_never_in_the_data(
    api: Caller, endpoint: Endpoint, folder: Path
) -> None:
    sent = {"url": endpoint.url}
    first, second = (api.send("POST", "/webhooks", sent, Idempotency_Key="hook-once") for _ in range(2))
    assert first.json() == second.json()
    assert second.headers["idempotency-replayed"] == "true"
    api.do("POST", f"/webhooks/{first.json()['id']}/secret")
    assert api.send("POST", "/webhooks", sent, Idempotency_Key="hook-once").json() == first.json()
    secret = first.json()["secret"].removeprefix("whsec_").encode()
    files = [file for file in (folder / "data").rglob("*") if file.is_file()]
    assert {"log.db", "key", "cursors.db"} <= {file.name for file in files}
    assert [file for file in files if secret in file.read_bytes()] == []
    refused(api.send("POST", "/webhooks", {**sent, "secret": "mine"}), 422, "invalid_field", "secret")


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"url": "gopher://example.com"}, "url_not_allowed", "url"),
        ({"url": "https://user:pw@example.com/"}, "url_not_allowed", "url"),
        ({"types": ["clip_aded"]}, "invalid_field", "types"),
        ({"project": "a/b"}, "invalid_id", "project"),
        ({"colour": "blue"}, "invalid_field", "colour"),
    ],
)
def test_a_registration_that_cannot_work_is_refused(
    api: Caller, endpoint: Endpoint, fields: Json, code: str, path: str
) -> None:
    position = api.running.behind.log.position()
    refused(api.send("POST", "/webhooks", {"url": endpoint.url, **fields}), 422, code, path)
    refused(api.send("POST", "/webhooks", {"url": endpoint.url, "after": 10**9}), 409, "cursor_ahead")
    assert api.running.behind.log.position() == position


def test_without_leave_nothing_goes_inside(tmp_path: Path, media: Path, endpoint: Endpoint) -> None:
    with serving(tmp_path / "data", media) as running:
        api = Caller(running)
        for url in (endpoint.url, "https://127.0.0.1/", "https://localhost/", "https://127.1/", "https://[::1]/"):
            refused(api.send("POST", "/webhooks", {"url": url}), 422, "url_not_allowed", "url")
    assert endpoint.letters == []


def test_a_restart_between_two_tries_loses_nothing(
    tmp_path: Path, media: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "FIRST_WAIT", 600.0)
    endpoint.answer = lambda _: 500
    with serving(tmp_path / "data", media, webhook_allow_private=True) as running:
        api = Caller(running)
        project = api.project()
        made = add(api, endpoint, project=project)
        positions = rename(api, project, "n0", "n1", "n2")
        until(lambda: api.get(f"/webhooks/{made['id']}")["tries"] == 1)
    endpoint.answer = lambda _: 200
    with serving(tmp_path / "data", media, webhook_allow_private=True) as running:
        api = Caller(running)
        until(lambda: len(endpoint.letters) == 4)
        assert endpoint.positions() == [positions[0], *positions]
        rename(api, project, "n3")
        until(lambda: len(endpoint.letters) == 5)
        for letter in endpoint.letters:
            Webhook(made["secret"]).verify(letter.body, letter.headers)
    # and without its cursors everything comes again, from where the log last noted it: here, from where it began
    (tmp_path / "data" / "webhooks" / "cursors.db").write_bytes(b"nonsense" * 1000)
    endpoint.letters.clear()
    with serving(tmp_path / "data", media, webhook_allow_private=True):
        until(lambda: len(endpoint.letters) == 4)
    assert endpoint.positions() == [*positions, positions[-1] + 1]


def test_only_the_server_that_leads_sends(api: Caller, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "LOOK", 0.05)
    project = api.project()
    add(api, endpoint, project=project)
    monkeypatch.setattr(SqliteLog, "leads", False)
    until(lambda: all(hook.task is None for hook in api.running.behind.webhooks._hooks.by_id.values()))
    positions = rename(api, project, "n0", "n1")
    assert endpoint.letters == []
    monkeypatch.undo()
    monkeypatch.setattr(delivery, "FIRST_WAIT", 0.000001)
    until(lambda: len(endpoint.letters) == 2)
    assert endpoint.positions() == positions


def test_a_log_that_was_away_for_a_moment_does_not_end_the_sending(
    api: Caller, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hooks, "LOOK", 0.05)
    project = api.project()
    add(api, endpoint, project=project)
    monkeypatch.setattr(SqliteLog, "leads", False)
    by_id = api.running.behind.webhooks._hooks.by_id
    until(lambda: all(hook.task is None for hook in by_id.values()))
    looks: list[object] = []

    def away(_: object) -> bool:
        looks.append(_)
        raise Refused("log_unavailable", "planted")

    monkeypatch.setattr(SqliteLog, "leads", property(away))
    until(lambda: len(looks) >= 2)
    monkeypatch.setattr(SqliteLog, "leads", True)
    (position,) = rename(api, project, "back")
    until(lambda: endpoint.positions() == [position])


def test_without_its_cursor_little_comes_twice(
    tmp_path: Path, media: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decide, "NOTED", 10)
    with serving(tmp_path / "data", media, webhook_allow_private=True) as running:
        api = Caller(running)
        project = api.project()
        hook = add(api, endpoint, project=project)["id"]
        positions = rename(api, project, *(f"n{number}" for number in range(30)))
        until(lambda: len(endpoint.letters) == 30)
        until(lambda: "webhook_reached.1" in str(list(pages(api))))
        assert api.get(f"/webhooks/{hook}")["position"] >= positions[-1]
    for file in (tmp_path / "data" / "webhooks").glob("cursors.db*"):
        file.unlink()
    endpoint.letters.clear()
    with serving(tmp_path / "data", media, webhook_allow_private=True) as running:
        api = Caller(running)
        (last,) = rename(api, project, "the last")
        until(lambda: last in endpoint.positions())
    assert len(endpoint.letters) < 30
    assert endpoint.positions() == [*positions, last][-len(endpoint.letters) :]


def test_one_that_hangs_keeps_no_other_waiting(api: Caller, endpoint: Endpoint) -> None:
    """A silent endpoint, ten seconds of it for every try: the others have everything meanwhile."""
    project = api.project()
    with receiving() as hanging:
        hanging.answer = _sleep
        add(api, hanging, project=project)
        add(api, endpoint, project=project)
        positions = rename(api, project, *(f"n{number}" for number in range(20)))
        until(lambda: len(endpoint.letters) == 20)
        assert endpoint.positions() == positions
        assert hanging.positions() == positions[:1]


def _sleep(_: Letter) -> int:
    time.sleep(3)
    return 200
