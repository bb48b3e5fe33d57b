"""The description of the feed is what the feed sends: every fact has its message, and every event fits its own."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from adapters.eventstore.edits import Record
from adapters.feed.events import TYPE_PREFIX, Event
from adapters.http.asyncapi import document
from domain.catalogue import FACTS, tag_of
from tests.golden.test_facts import FILES, stored_in
from tests.golden.test_facts import tag_of as tag_of_file
from tests.http.client import Caller, read
from tests.http.test_system import references

DOCUMENT = document("0.1.0")


def check(event: Any) -> None:
    """Validate an event, as it was sent, against the message of its type."""
    tag = event["type"].removeprefix(TYPE_PREFIX)
    schema = {"$ref": f"#/components/messages/{tag}/payload", "components": DOCUMENT["components"]}
    Draft202012Validator(schema).validate(event)


def sent(file: Path) -> Any:
    """A stored fact as the feed sends it."""
    payload = stored_in(file)
    tag = tag_of_file(file)
    record = Record(7, "project-p", 3, tag, payload, "edit_1", "id-1", "ann", "c-1", "e-1", 1_700_000_000_000_000, b"")
    return json.loads(Event(record, "p").json)


@pytest.mark.parametrize("tag", map(tag_of, FACTS))
def test_every_fact_is_a_message_of_every_way_out(tag: str) -> None:
    message = DOCUMENT["components"]["messages"][tag]
    assert message["summary"]
    for name, channel in DOCUMENT["channels"].items():
        kept_from = name == "webhook" and tag.startswith("webhook_")
        assert (tag in channel["messages"]) is not kept_from


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_stored_fact_fits_its_message(file: Path) -> None:
    event = sent(file)
    check(event)
    for wrong in ({"type": TYPE_PREFIX + "nothing.1"}, {"position": "7"}, {"data": {**event["data"], "more": 1}}):
        tag = event["type"].removeprefix(TYPE_PREFIX)
        schema = {"$ref": f"#/components/messages/{tag}/payload", "components": DOCUMENT["components"]}
        with pytest.raises(ValidationError):
            Draft202012Validator(schema).validate(event | wrong)


def test_real_events_fit(api: Caller, film: str) -> None:
    start = api.running.behind.log.position()
    project = api.project()
    api.edit(project, {"op": "add_clip", "id": "c", "track": "v", "source": film, "at": 0, "out_point": 1})
    params = {"text": "Hi", "position": "bottom"}
    api.edit(project, {"op": "add_effect", "clip": "c", "type": "text_overlay", "params": params})
    api.do("POST", f"/projects/{project}/undo")
    job = api.do("POST", "/render/start", {"project_id": project})["job_id"]
    api.do("POST", f"/render/jobs/{job}/cancel")
    events = api.get(f"/events?limit=500&after={start}")["items"]
    assert len({event["type"] for event in events}) >= 8
    for event in events + api.get("/events?limit=500")["items"]:
        check(event)


def test_the_description_is_served_whole(api: Caller) -> None:
    served = read(api.raw("GET", "/asyncapi.json", None))
    assert served["asyncapi"] == "3.0.0"
    assert served["channels"] == DOCUMENT["channels"]
    for reference in references(served):
        found: Any = served
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    assert msgspec.json.encode(served["components"])
    assert served["channels"]["sse"]["address"] in read(api.raw("GET", "/openapi.json", None))["paths"]
