"""Lists and searches, from the views. Every answer has seen all that was accepted before it was asked for."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from adapters.eventstore.port import EventLog
from adapters.views.answers import AuditEntry, AuditFilter, ProjectEntry
from adapters.views.paging import Page
from adapters.views.queries import Queries
from adapters.views.runner import Runner
from projections.video import Video

PATIENCE = 5.0  # seconds for a view to catch up; after that the answer says by its position how far it has come
AT_ONCE = 4  # questions to one view

_T = TypeVar("_T")


class Lists:
    """Questions to the views, in worker threads."""

    def __init__(self, log: EventLog, runner: Runner, queries: Queries) -> None:
        """Over views that ``runner`` keeps up with ``log``."""
        self._log = log
        self._runner = runner
        self._queries = queries
        names = [status.name for status in runner.status()]
        # threads of its own for each view: one that is stuck keeps only its own callers waiting
        self._threads = {name: ThreadPoolExecutor(AT_ONCE, f"ask-{name}") for name in names}

    async def projects(self, limit: int, cursor: str | None) -> Page[ProjectEntry]:
        """Projects, oldest first."""
        return await self._ask("timelines", lambda: self._queries.projects(limit, cursor))

    async def project_of_clip(self, clip: str) -> str:
        """The one project that has a clip of this id."""
        return await self._ask("timelines", lambda: self._queries.project_of_clip(clip))

    async def videos(self, limit: int, cursor: str | None) -> Page[Video]:
        """The library, in the order in which it was found."""
        return await self._ask("library", lambda: self._queries.videos(limit, cursor))

    async def video(self, media: str) -> Video:
        """One entry of the library."""
        return await self._ask("library", lambda: self._queries.video(media))

    async def search(self, typed: str, limit: int, cursor: str | None) -> Page[Video]:
        """Entries in which every word occurs, best first."""
        return await self._ask("library", lambda: self._queries.search(typed, limit, cursor))

    async def audit(self, wanted: AuditFilter, limit: int, cursor: str | None) -> Page[AuditEntry]:
        """Facts, newest first."""
        return await self._ask("audit", lambda: self._queries.audit(wanted, limit, cursor))

    async def render_names(self, limit: int, cursor: str | None) -> tuple[list[str], str | None]:
        """Ids of renders, newest first."""
        found = await self._ask("renders", lambda: self._queries.jobs(limit, cursor))
        return [job.job_id for job in found.items], found.next_cursor

    async def _ask(self, view: str, question: Callable[[], _T]) -> _T:
        patience_ends = time.monotonic() + PATIENCE

        def caught_up() -> _T:
            position = self._log.head().position
            self._runner.wait_for(view, position, max(0.0, patience_ends - time.monotonic()))
            return question()

        return await asyncio.get_running_loop().run_in_executor(self._threads[view], caught_up)
