"""The keeper of executors: what can't be started now is started later."""

import asyncio
import resource
from collections.abc import Mapping, Sequence

from structlog.testing import capture_logs

from adapters.render.pool import executors


async def test_a_start_that_fails_is_tried_again() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    environment = {"STOAT_NO_SUCH_SETTING": "1"}
    with capture_logs() as told:
        resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))  # nothing more can be opened
        async with executors(1, environment):
            try:
                await until_told(told, "executor_not_started")
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
            await until_told(told, "executor_died")  # no setting of ours: it ends by itself: so it was started


async def until_told(told: Sequence[Mapping[str, object]], event: str) -> None:
    async with asyncio.timeout(20):
        while not any(entry["event"] == event for entry in told):  # noqa: ASYNC110 - a log sets no event
            await asyncio.sleep(0.02)
