"""A task is ended, whatever it does about it."""

import asyncio
from contextlib import suppress

from adapters.tasks import end


async def stubborn(times: int) -> None:
    while True:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            if times == 0:
                raise
            times -= 1


async def failing() -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    raise ValueError("on the way out")


def test_tasks_end_however_often_they_swallow_it() -> None:
    async def ended() -> list[bool]:
        tasks = [asyncio.create_task(work) for work in (stubborn(0), stubborn(3), failing(), asyncio.sleep(0))]
        await asyncio.sleep(0.01)
        await end(tasks)
        tasks[2].exception()
        return [task.done() for task in tasks]

    assert asyncio.run(ended()) == [True] * 4
