"""The log for subscribers: pages, a stream that resumes, the audit."""

import json
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.http.client import BASE, Caller, refused


def listen(api: Caller, count: int, **headers: str) -> Iterator[dict[str, Any]]:
    """The next so many events of the stream, as (id, event, data)."""
    with httpx2.stream("GET", f"{api.running.url}{BASE}/events/stream", headers=headers, timeout=20) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        event: dict[str, Any] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                event[name] = value
            elif not line and event:
                yield event
                event = {}
                count -= 1
                if count == 0:
                    return


def test_a_stream_resumes_where_it_broke_off(api: Caller) -> None:
    project = api.project()
    start = api.running.behind.log.position()
    for number in range(4):
        api.edit(project, {"op": "rename_project", "name": f"n{number}"})
    first = list(listen(api, 2, **{"Last-Event-ID": str(start)}))
    rest = list(listen(api, 2, **{"Last-Event-ID": first[-1]["id"]}))
    names = [json.loads(event["data"])["data"]["name"] for event in first + rest]
    assert names == ["n0", "n1", "n2", "n3"]
    assert [int(event["id"]) for event in first + rest] == [start + n for n in (1, 2, 3, 4)]
    assert {event["event"] for event in first} == {"project_renamed.1"}


def test_a_listener_hears_what_happens_while_it_listens(api: Caller) -> None:
    project = api.project()
    start = api.running.behind.log.position()
    heard: list[dict[str, Any]] = []
    listener = threading.Thread(target=lambda: heard.extend(listen(api, 3, **{"Last-Event-ID": str(start)})))
    listener.start()
    for number in range(3):
        api.edit(project, {"op": "rename_project", "name": f"live {number}"})
    listener.join(10)
    assert [json.loads(event["data"])["data"]["name"] for event in heard] == ["live 0", "live 1", "live 2"]


def test_a_position_that_is_none_is_refused(api: Caller) -> None:
    response = api.send("GET", "/events/stream", Last_Event_ID="latest")
    refused(response, 422, "invalid_field", "Last-Event-ID")


def test_pages_of_events_fit_together(api: Caller) -> None:
    project = api.project()
    start = api.running.behind.log.position()
    for number in range(3):
        api.edit(project, {"op": "rename_project", "name": f"n{number}"}, {"op": "add_track", "type": "audio"})
    found: list[str] = []
    after = start
    while True:
        page = api.get(f"/events?after={after}&limit=2&types=project_renamed")
        found += [item["data"]["name"] for item in page["items"]]
        after = page["next_after"]
        if after == page["position"]:
            break
    assert found == ["n0", "n1", "n2"]


def test_the_audit_says_who_because_of_which_request(api: Caller) -> None:
    project = api.project()
    response = api.send("POST", f"/projects/{project}/tracks", {"type": "audio"}, X_Correlation_ID="req-of-mine")
    assert response.headers["x-correlation-id"] == "req-of-mine"
    (entry,) = api.get("/audit?correlation_id=req-of-mine")["items"]
    assert (entry["actor"], entry["stream"], entry["type"]) == ("tester", f"project-{project}", "track_added.1")
    assert entry["edit_id"] == response.json()["edit_id"]
    assert api.get("/audit?type=track_added&since=2999-01-01T00:00:00Z")["items"] == []


def test_the_audit_is_narrowed_by_each_of_its_filters(api: Caller) -> None:
    project = api.project()
    renamed = api.edit(project, {"op": "rename_project", "name": "Narrow"})["edit_id"]
    (entry,) = api.get(f"/audit?edit_id={renamed}")["items"]
    narrow = {
        "actor": "tester",
        "stream": f"project-{project}",
        "type": "project_renamed",
        "correlation_id": entry["correlation_id"],
        "edit_id": renamed,
        "since": entry["time"],
        "until": "2999-01-01",
    }
    assert entry["summary"] == "project renamed: name=Narrow"
    assert api.get(f"/audit?{urlencode(narrow)}")["items"] == [entry]
    others = narrow | {"since": "2999-01-01", "until": entry["time"]} | dict.fromkeys(list(narrow)[:5], "other")
    for name, other in others.items():
        assert api.get(f"/audit?{urlencode(narrow | {name: other})}")["items"] == [], name


def test_the_log_proves_itself(api: Caller) -> None:
    proof = api.get("/audit/verify")
    assert proof["ok"] is True
    assert proof["events"] == proof["position"] > 0
    assert len(proof["chain"]) == 64
