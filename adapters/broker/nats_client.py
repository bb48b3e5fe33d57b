"""A connection to NATS, and the one translation of what goes wrong with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import nats
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import MaxPayloadError
from nats.js.errors import NotFoundError

from domain.errors import Refused

_CONNECT_TIMEOUT_S = 2
_log = structlog.get_logger(__name__)


async def open_client(url: str) -> Client:
    """A connection that mends itself for ever; the first one has to come about within the time limit.

    With ``max_reconnect_attempts=-1`` nats-py would wait for a first connection for ever.
    """

    async def fault(error: Exception) -> None:
        _log.warning("nats_fault", fault=repr(error))

    async def lost() -> None:
        _log.warning("nats_disconnected")

    async def back() -> None:
        _log.info("nats_reconnected")

    opening = nats.connect(
        url,
        connect_timeout=_CONNECT_TIMEOUT_S,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.25,
        error_cb=fault,
        disconnected_cb=lost,
        reconnected_cb=back,
    )
    return await asyncio.wait_for(opening, _CONNECT_TIMEOUT_S)


@asynccontextmanager
async def reaching() -> AsyncIterator[None]:
    """The one translation of what NATS raises."""
    try:
        yield
    except MaxPayloadError as fault:
        raise Refused("limit_exceeded", "A message is larger than the NATS server takes") from fault
    except (NatsError, NotFoundError, OSError) as fault:
        raise Refused("broker_unavailable", f"NATS: {str(fault) or type(fault).__name__}") from fault
