"""A fact as others see it: a CloudEvent 1.0 in structured JSON, made once however many subscribers want it."""

from functools import cached_property
from typing import Any

import msgspec

from adapters.eventstore.edits import Record
from domain import catalogue
from projections.times import utc

SOURCE = "urn:stoat-ferret:log"
TYPE_PREFIX = "dev.stoat-ferret."
MEDIA_TYPE = "application/cloudevents+json"


class CloudEvent(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A fact with what is known about it.

    ``subject`` is the stream, ``position`` the place in the log and the cursor to go on from. ``data`` is the fact as
    it is stored: times in flicks, volumes in millionths. ``project`` is missing where it belongs to none.
    """

    specversion: str
    id: str
    source: str
    type: str
    subject: str
    time: str
    datacontenttype: str
    position: int
    streamversion: int
    editid: str
    actor: str
    correlationid: str
    causationid: str | None = None
    project: str | None = None
    data: dict[str, Any]


class Event:
    """A record of the log and the project that it belongs to."""

    def __init__(self, record: Record, project: str | None) -> None:
        """Nothing is decoded before somebody wants it."""
        self.record = record
        self.project = project

    @cached_property
    def tag(self) -> str:
        """What it is, in its newest shape: subscribers never see an older one."""
        return catalogue.SHAPES.newest_tag(self.record.tag)

    @cached_property
    def fact(self) -> dict[str, Any]:
        """What happened, in that shape and in stored units."""
        fact: dict[str, Any] = msgspec.msgpack.decode(self.record.fact)
        return fact

    @cached_property
    def cloud(self) -> CloudEvent:
        """The event as a value."""
        record = self.record
        return CloudEvent(
            specversion="1.0",
            id=record.event_id,
            source=SOURCE,
            type=TYPE_PREFIX + self.tag,
            subject=record.stream,
            time=utc(record.time_us),
            datacontenttype="application/json",
            position=record.position,
            streamversion=record.version,
            editid=record.edit_id,
            actor=record.actor,
            correlationid=record.correlation_id,
            causationid=record.causation_id,
            project=self.project,
            data=self.fact,
        )

    @cached_property
    def json(self) -> bytes:
        """The event as it is sent."""
        return msgspec.json.encode(self.cloud)
