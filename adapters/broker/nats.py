"""The broker on NATS JetStream: a work queue of commands, kept outcomes, and progress that is only for now.

JetStream carries and forgets; what must not be lost is in the log. Subjects are those of the interface description,
``stoat.render.…``. What nats-py 2.16 does in odd ways is met here and nowhere else.
"""

import asyncio
from collections.abc import Callable

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.client import JetStreamContext
from nats.js.errors import KeyNotFoundError, NoStreamResponseError, NotFoundError

from adapters.broker import nats_layout as layout
from adapters.broker.nats_client import open_client, reaching
from domain.errors import Refused
from domain.render.messages import (
    Malformed,
    Outcome,
    Progress,
    Work,
    decode_outcome,
    decode_progress,
    decode_work,
    encode,
)

_PUT_TRIES = 3
_log = structlog.get_logger(__name__)


class NatsBroker:
    """See :class:`adapters.broker.port.Broker`."""

    def __init__(self, client: Client, lease_s: float) -> None:
        """Wrap an open connection; use :meth:`connect`."""
        self._client = client
        self._js = client.jetstream()
        self.lease_s = lease_s
        self._work: JetStreamContext.PullSubscription | None = None
        self._outcomes: JetStreamContext.PullSubscription | None = None

    @classmethod
    async def connect(cls, url: str, lease_s: float | None = None, patience_s: float = 20) -> "NatsBroker":
        """Reach the server, trying for ``patience_s`` seconds.

        ``lease_s`` is how long an executor may be silent; None takes what is set already (10 where nothing is).
        """
        deadline = asyncio.get_running_loop().time() + patience_s
        while True:
            try:
                client = await open_client(url)
                broker = await cls._joined(client, lease_s)
            except (NatsError, OSError, Refused) as fault:
                if asyncio.get_running_loop().time() > deadline:
                    raise Refused("broker_unavailable", f"No NATS with JetStream answers: {fault}") from fault
                await asyncio.sleep(0.2)
            else:
                return broker

    @classmethod
    async def _joined(cls, client: Client, lease_s: float | None) -> "NatsBroker":
        try:
            async with reaching():
                js = client.jetstream()
                broker = cls(client, lease_s or await layout.lease_s(js))
                if lease_s:
                    await layout.ensure(js, lease_s)  # sets it where another one was set before
            await broker.epoch()
        except BaseException:
            await client.close()
            raise
        return broker

    async def epoch(self) -> str:
        """See :meth:`adapters.broker.port.Broker.epoch`."""
        async with reaching():
            try:
                return await layout.identity(self._js)
            except NotFoundError:
                await layout.ensure(self._js, self.lease_s)
                return await layout.identity(self._js)

    async def publish(self, work: Work) -> None:
        """See :meth:`adapters.broker.port.Broker.publish`."""
        async with reaching():
            await self._put(layout.WORK, layout.work(work.unit.kind), encode(work), work.name)

    async def take(self, wait_s: float) -> "NatsLease | None":
        """See :meth:`adapters.broker.port.Broker.take`."""
        async with reaching():
            if self._work is None:
                self._work = await self._js.pull_subscribe_bind(consumer=layout.EXECUTORS, stream=layout.WORK)
            message = await self._next(self._work, wait_s)
            if message is None:
                return None
            try:
                return NatsLease(message, decode_work(message.data))
            except Malformed as fault:
                _log.error("work_malformed", fault=str(fault))
                await message.term()
                return None

    async def report(self, outcome: Outcome) -> None:
        """See :meth:`adapters.broker.port.Broker.report`."""
        name = f"{outcome.job}:{outcome.unit}:{outcome.attempt}"
        async with reaching():
            await self._put(layout.RESULT, layout.result(outcome.job, outcome.unit), encode(outcome), name)

    async def heard(self, wait_s: float) -> "NatsNotice | None":
        """See :meth:`adapters.broker.port.Broker.heard`."""
        async with reaching():
            if self._outcomes is None:
                self._outcomes = await self._js.pull_subscribe_bind(consumer=layout.RECORDER, stream=layout.RESULT)
            message = await self._next(self._outcomes, wait_s)
            if message is None:
                return None
            try:
                return NatsNotice(message, decode_outcome(message.data))
            except Malformed as fault:
                _log.error("outcome_malformed", fault=str(fault))
                await message.term()
                return None

    async def is_idle(self) -> bool:
        """See :meth:`adapters.broker.port.Broker.is_idle`."""
        async with reaching():
            # a work queue holds a command until it is settled
            queued = (await self._js.stream_info(layout.WORK)).state.messages
            recorder = await self._js.consumer_info(layout.RESULT, layout.RECORDER)
            return not (queued or recorder.num_pending or recorder.num_ack_pending)

    async def tell(self, progress: Progress) -> None:
        """See :meth:`adapters.broker.port.Broker.tell`."""
        async with reaching():
            await self._client.publish(layout.progress(progress.job, progress.unit), encode(progress))

    async def on_progress(self, listener: Callable[[Progress], None]) -> None:
        """See :meth:`adapters.broker.port.Broker.on_progress`."""

        async def hear(message: Msg) -> None:
            try:
                listener(decode_progress(message.data))
            except Malformed as fault:
                _log.error("progress_malformed", fault=str(fault))

        async with reaching():
            await self._client.subscribe(layout.progress("*", "*"), cb=hear)
            await self._client.flush()

    async def cancel(self, job: str) -> None:
        """See :meth:`adapters.broker.port.Broker.cancel`."""
        async with reaching():
            # first for those who ask later, then for those who listen now: nobody falls between
            await (await self._js.key_value(layout.CANCELLED)).put(job, b"")
            await self._client.publish(layout.cancel(job))

    async def is_cancelled(self, job: str) -> bool:
        """See :meth:`adapters.broker.port.Broker.is_cancelled`."""
        async with reaching():
            try:
                await (await self._js.key_value(layout.CANCELLED)).get(job)
            except KeyNotFoundError:
                return False
            return True

    async def on_cancel(self, listener: Callable[[str], None]) -> None:
        """See :meth:`adapters.broker.port.Broker.on_cancel`."""

        async def hear(message: Msg) -> None:
            listener(message.subject.rsplit(".", 1)[1])

        async with reaching():
            await self._client.subscribe(layout.cancel("*"), cb=hear)
            await self._client.flush()

    async def close(self) -> None:
        """See :meth:`adapters.broker.port.Broker.close`."""
        await self._client.close()

    async def _put(self, stream: str, subject: str, body: bytes, name: str) -> None:
        """Store a message under a name that is stored once.

        A stream whose disk was full takes nothing any more, even when there is room again. Such a one is made anew:
        what it held comes again from the log.
        """
        for attempt in range(1, _PUT_TRIES + 1):
            try:
                await self._js.publish(subject, body, headers={"Nats-Msg-Id": name})
            except NoStreamResponseError:
                await layout.ensure(self._js, self.lease_s)
            except MaxPayloadError:
                raise
            except NatsError as fault:
                stuck = attempt == _PUT_TRIES and self._client.is_connected and not layout.is_full(fault)
                if stuck:
                    _log.warning("stream_stuck", stream=stream, fault=str(fault))
                    await self._js.delete_stream(stream)
                if attempt == _PUT_TRIES:
                    raise
            else:
                return

    async def _next(self, subscription: JetStreamContext.PullSubscription, wait_s: float) -> Msg | None:
        try:
            [message] = await subscription.fetch(1, timeout=wait_s)
        except NatsTimeout:
            return None
        except NatsError:
            # the store went away under the consumer: make both again, and look again next time
            await layout.ensure(self._js, self.lease_s)
            return None
        return message


class NatsLease:
    """See :class:`adapters.broker.port.Lease`."""

    def __init__(self, message: Msg, work: Work) -> None:
        """A delivered message and the command in it."""
        self._message = message
        self.work = work
        self.delivery: int = message.metadata.num_delivered

    async def extend(self) -> None:
        """See :meth:`adapters.broker.port.Lease.extend`."""
        async with reaching():
            await self._message.in_progress()

    async def settle(self) -> None:
        """See :meth:`adapters.broker.port.Lease.settle`."""
        async with reaching():
            await self._message.ack_sync()

    async def give_back(self) -> None:
        """See :meth:`adapters.broker.port.Lease.give_back`."""
        async with reaching():
            await self._message.nak()


class NatsNotice:
    """See :class:`adapters.broker.port.Notice`."""

    def __init__(self, message: Msg, outcome: Outcome) -> None:
        """A delivered message and the outcome in it."""
        self._message = message
        self.outcome = outcome

    async def settle(self) -> None:
        """See :meth:`adapters.broker.port.Notice.settle`."""
        async with reaching():
            await self._message.ack_sync()
