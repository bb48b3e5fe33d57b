"""The beginning of the shutdown: who waits for something else waits no longer, and no write begins any more."""

import asyncio
from collections.abc import Coroutine
from typing import Any


class Closing:
    """Begins once."""

    def __init__(self) -> None:
        """Not yet."""
        self._begun = asyncio.Event()

    @property
    def begun(self) -> bool:
        """Whether only what is under way goes on."""
        return self._begun.is_set()

    def begin(self) -> None:
        """End every wait."""
        self._begun.set()

    async def until(self, end: Coroutine[Any, Any, object], seconds: float) -> None:
        """Wait for an end: so many seconds, or to the beginning of the shutdown. What it comes to is not told."""
        ends = [asyncio.ensure_future(end), asyncio.ensure_future(self._begun.wait())]
        try:
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiting in ends:
                waiting.cancel()
            await asyncio.gather(*ends, return_exceptions=True)
