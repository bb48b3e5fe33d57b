"""The AsyncAPI 3 description of the feed, made from the catalogue of facts: a message for each, on every way out."""

from functools import cache
from typing import Any

import msgspec

from adapters.feed.events import MEDIA_TYPE, TYPE_PREFIX, CloudEvent
from adapters.http.base import BASE
from adapters.http.routes.socket import Reached
from domain.catalogue import FACTS, tag_of
from domain.timeline.commands import value_schema

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_SUBSCRIBING = (
    "`after` is the position to begin after, `project` a project's id (its renders are included), `types` "
    "comma-separated names of facts. "
)
_CHANNELS: dict[str, Json] = {
    "sse": {
        "address": f"{BASE}/events/stream",
        "description": _SUBSCRIBING + "Server-sent events: the id is the position, and `Last-Event-ID` resumes.",
    },
    "websocket": {
        "address": f"{BASE}/ws",
        "description": _SUBSCRIBING + "Close codes: 1011 the log can't be read, 1012 the server ends, "
        "4400 bad arguments, 4403 a page of another origin, 4408 nothing was read for too long, 4409 the cursor is "
        "beyond the log.",
    },
    "nats": {
        "address": "stoat.events.{category}.{stream}.{type}",
        "description": "JetStream stream STOAT_EVENTS, the newest events. One that is too large for the server has "
        "`dataref` in place of `data`.",
        "parameters": {
            "category": {"description": "What the stream is of.", "enum": ["project", "media", "render", "webhook"]},
            "stream": {"description": "The event's subject."},
            "type": {"description": "The fact's name without its version."},
        },
    },
    "webhook": {
        "address": None,
        "description": f"POST to the URLs of {BASE}/webhooks, signed as Standard Webhooks has it. Facts of webhooks "
        "themselves are not sent.",
    },
}


@cache
def document(version: str) -> Json:
    """The whole description."""
    schemas, components = msgspec.json.schema_components(
        (CloudEvent, Reached, *FACTS), schema_hook=value_schema, ref_template=_SCHEMAS + "{name}"
    )
    event, _, *facts = schemas
    messages = {tag_of(fact): _message(fact, event, data) for fact, data in zip(FACTS, facts, strict=True)}
    reached = {"reached": {"name": "reached", "contentType": "application/json", "payload": _ref(Reached)}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "stoat-and-ferret",
            "version": version,
            "description": "Every fact of the log as a CloudEvent: in order, at least once, from any position.",
        },
        "defaultContentType": MEDIA_TYPE,
        "channels": {name: _channel(name, messages) for name in _CHANNELS},
        "operations": {
            f"send_{name}": {"action": "send", "channel": {"$ref": f"#/channels/{name}"}} for name in _CHANNELS
        },
        "components": {"messages": messages | reached, "schemas": components},
    }


def _channel(name: str, messages: Json) -> Json:
    sent = [tag for tag in messages if name != "webhook" or not tag.startswith("webhook_")]
    more = ["reached"] if name == "websocket" else []
    return _CHANNELS[name] | {"messages": {tag: {"$ref": f"#/components/messages/{tag}"} for tag in (*sent, *more)}}


def _message(fact: type, event: Json, data: Json) -> Json:
    """An event whose type and data are those of one fact."""
    own = {"type": {"const": TYPE_PREFIX + tag_of(fact)}, "data": data}
    return {
        "name": TYPE_PREFIX + tag_of(fact),
        "summary": (fact.__doc__ or "").strip(),
        "contentType": MEDIA_TYPE,
        "payload": {"allOf": [event, {"properties": own}]},
    }


def _ref(kind: type) -> Json:
    return {"$ref": _SCHEMAS + kind.__name__}
