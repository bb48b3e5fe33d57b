"""Every committed event on NATS, in order: ``stoat.events.<category>.<stream>.<type>`` in the stream STOAT_EVENTS.

How far it has come is what the stream itself ends with, so there is no second note of it that could say otherwise. Each
message names the sequence number that it follows: one that got lost, or another server that publishes from the same
log, can't put two of them out of order. Where the stream is gone, empty, or ends with an event that the log does not
have (the log was restored, or is another one), it is made anew with the newest events, as many as it holds; positions
show a reader where it begins, and what is older is in ``GET /events``.
"""

import asyncio
import re
from contextlib import aclosing, suppress

import msgspec
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from adapters.broker.nats_client import open_client, reaching
from adapters.eventstore.port import EventLog
from adapters.feed.events import MEDIA_TYPE, Event
from adapters.feed.feed import Feed
from adapters.feed.wanted import EVERYTHING
from domain.errors import Refused

STREAM = "STOAT_EVENTS"
HELD = 100_000  # messages
HELD_BYTES = 256 << 20
QUIET = 5.0  # seconds until a stream that nothing is sent to is looked after
STUCK = 5  # failures in a row on a server that answers; after more of them the stream is made anew
LONGEST_WAIT = 30.0  # seconds between two tries

_HEADERS = 1 << 10  # bytes, at most, of what goes along with an event
_UNFIT = re.compile(r"[^A-Za-z0-9_-]")
_log = structlog.get_logger("nats_events")


class Last(msgspec.Struct, frozen=True):
    """What an event in the stream says of itself."""

    id: str
    position: int


class NatsEvents:
    """Publishes while ``run`` runs, from wherever the stream ends."""

    def __init__(self, url: str, log: EventLog, feed: Feed) -> None:
        """To the NATS server at ``url``; it is reached when it runs."""
        self._url = url
        self._log = log
        self._feed = feed
        self._failures = 0
        self._stuck = 0  # those of them on a server that answered

    async def run(self) -> None:
        """Until it is cancelled or the feed ends. Trouble with NATS is logged and tried again."""
        while True:
            try:
                async with reaching():
                    client = await open_client(self._url)
                    try:
                        await self._publish_all(client)
                    except NatsError:
                        self._stuck += client.is_connected
                        raise
                    finally:
                        await client.close()
                return
            except Refused as fault:
                self._failures += 1
                _log.warning("events_not_published", reason=fault.message, failures=self._failures)
                await asyncio.sleep(min(LONGEST_WAIT, 2.0 ** (self._failures - 2)))

    async def _publish_all(self, client: Client) -> None:
        js = client.jetstream()
        if self._stuck > STUCK:
            # one whose disk was full once takes nothing any more
            with suppress(NatsError):
                await js.delete_stream(STREAM)
        position, sequence = await self._end(js)
        async with aclosing(self._feed.follow_on(position, EVERYTHING, QUIET)) as batches:
            async for batch in batches:
                for event in batch.events:
                    sequence = await _publish(js, event, sequence, client.max_payload)
                if not batch.events and (await js.stream_info(STREAM)).state.last_seq != sequence:
                    raise Refused("broker_unavailable", "The stream of events was changed by somebody else")
                self._failures = self._stuck = 0

    async def _end(self, js: JetStreamContext) -> tuple[int, int]:
        """The position to go on after, and the sequence number of the stream's last message."""
        try:
            state = (await js.stream_info(STREAM)).state
            if state.messages and (last := await self._known(js, state.last_seq)) is not None:
                return last.position, state.last_seq
            await js.delete_stream(STREAM)
        except NotFoundError:
            pass
        await js.add_stream(_config())
        begin = max(0, self._log.position() - HELD)
        _log.info("event_stream_made", after=begin)
        return begin, 0

    async def _known(self, js: JetStreamContext, sequence: int) -> Last | None:
        """The event of a message, if it is one of this log's."""
        try:
            last = msgspec.json.decode((await js.get_msg(STREAM, sequence)).data or b"", type=Last)
        except msgspec.MsgspecError:
            return None
        there = await asyncio.to_thread(self._log.read_all, last.position - 1, 1)
        return last if [record.event_id for record in there] == [last.id] else None


async def _publish(js: JetStreamContext, event: Event, after: int, largest: int) -> int:
    """Add an event behind a sequence number; its own."""
    headers = {
        "Nats-Msg-Id": event.record.event_id,
        "Nats-Expected-Last-Sequence": str(after),
        "Content-Type": MEDIA_TYPE,
    }
    stored = await js.publish(subject(event), body(event, largest), headers=headers)
    if stored.seq != after + 1:
        raise Refused("broker_unavailable", f"Message {stored.seq} came where {after + 1} was due")
    return int(stored.seq)


def subject(event: Event) -> str:
    """Where an event goes. Its type is without the version, so who wants all of a kind names it once."""
    record = event.record
    tokens = (record.stream.partition("-")[0], record.stream, record.tag.partition(".")[0])
    return ".".join(("stoat.events", *(_UNFIT.sub("_", token) or "_" for token in tokens)))


def body(event: Event, largest: int) -> bytes:
    """The event; one that the server would not take goes without its data and says where that is (``dataref``)."""
    if len(event.json) + _HEADERS <= largest:
        return event.json
    said = {name: value for name, value in msgspec.to_builtins(event.cloud).items() if name != "data"}
    return msgspec.json.encode(said | {"dataref": f"/api/v1/events?after={event.record.position - 1}&limit=1"})


def _config() -> StreamConfig:
    return StreamConfig(
        name=STREAM,
        subjects=["stoat.events.>"],
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.OLD,
        max_msgs=HELD,
        max_bytes=HELD_BYTES,
        storage=StorageType.FILE,
        duplicate_window=120,
    )
