"""The streams, consumers and subjects on NATS, and making them where they are missing."""

from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NotFoundError

from domain.render.plan import UnitKind

WORK = "STOAT_WORK"
RESULT = "STOAT_RESULT"
CANCELLED = "STOAT_CANCELLED"
EXECUTORS = "executors"
RECORDER = "recorder"

_MAXIMUM_REACHED = 10077
_LEASE_S = 10.0
_DAY_S = 24 * 3600
# How long a message's id is remembered. A duplicate costs an executor a look into the store, no more.
_REMEMBER_S = 3600
_KINDS: dict[UnitKind, str] = {
    "segment": "segment",
    "picture": "segment",
    "audio": "audio",
    "mix": "audio",
    "sound": "audio",
}


def work(kind: UnitKind) -> str:
    """Where commands of a kind of unit go."""
    return f"stoat.render.work.{_KINDS[kind]}"


def result(job: str, unit: str) -> str:
    """Where a unit's outcomes go."""
    return f"stoat.render.result.{job}.{unit}"


def progress(job: str, unit: str) -> str:
    """Where it is told how far a unit is."""
    return f"stoat.render.progress.{job}.{unit}"


def cancel(job: str) -> str:
    """Where a job's cancellation is told."""
    return f"stoat.render.cancel.{job}"


async def lease_s(js: JetStreamContext) -> float:
    """The lease time that is set on the server, in seconds; 10 where none is."""
    try:
        return (await js.consumer_info(WORK, EXECUTORS)).config.ack_wait or _LEASE_S
    except NotFoundError:
        return _LEASE_S


async def identity(js: JetStreamContext) -> str:
    """Names this store; NotFoundError where a part of it is missing."""
    streams = [await js.stream_info(name) for name in (WORK, RESULT, f"KV_{CANCELLED}")]
    await js.consumer_info(WORK, EXECUTORS)
    await js.consumer_info(RESULT, RECORDER)
    return " ".join(str(stream.created) for stream in streams)


def is_full(fault: Exception) -> bool:
    """Whether a stream refused a message because it holds as many as it may."""
    return isinstance(fault, APIError) and fault.err_code == _MAXIMUM_REACHED


async def ensure(js: JetStreamContext, lease_s: float) -> None:
    """Streams, consumers and the bucket of cancelled jobs exist as they should; safe to call from many at once.

    A work queue keeps a command until it is settled, and refuses new ones rather than dropping old ones.
    """
    await js.add_stream(
        StreamConfig(
            name=WORK,
            subjects=["stoat.render.work.*"],
            retention=RetentionPolicy.WORK_QUEUE,
            discard=DiscardPolicy.NEW,
            max_msgs=100_000,
            storage=StorageType.FILE,
            duplicate_window=_REMEMBER_S,
        )
    )
    await js.add_stream(
        StreamConfig(
            name=RESULT,
            subjects=["stoat.render.result.*.*"],
            retention=RetentionPolicy.LIMITS,
            max_age=7 * _DAY_S,
            max_msgs=1_000_000,  # not bytes: the server would set those aside, and refuse when the disk has less
            storage=StorageType.FILE,
            duplicate_window=_REMEMBER_S,
        )
    )
    await js.create_key_value(bucket=CANCELLED, ttl=_DAY_S, history=1)
    await js.add_consumer(
        WORK,
        ConsumerConfig(
            durable_name=EXECUTORS,
            filter_subjects=sorted({work(kind) for kind in _KINDS}),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=lease_s,
            max_ack_pending=1000,
        ),
    )
    await js.add_consumer(RESULT, ConsumerConfig(durable_name=RECORDER, ack_policy=AckPolicy.EXPLICIT, ack_wait=10))
