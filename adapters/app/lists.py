"""Lists and searches, from the views. Every answer has seen all that was accepted before it was asked for."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from adapters.eventstore.port import EventLog
from adapters.views.answers import AuditEntry, AuditFilter, ProjectEntry
from adapters.views.paging import Page
from adapters.views.queries import Queries
from adapters.views.runner import Runner
from projections.video import Video

PATIENCE = 5.0  # seconds for a view to catch up; after that the answer says by its position how far it has come

_T = TypeVar("_T")


class Lists:
    """Questions to the views, in worker threads."""

    def __init__(self, log: EventLog, runner: Runner, queries: Queries) -> None:
        """Over views that ``runner`` keeps up with ``log``."""
        self._log = log
        self._runner = runner
        self._queries = queries

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
        def caught_up() -> _T:
            self._runner.wait_for(view, self._log.head().position, PATIENCE)
            return question()

        return await asyncio.to_thread(caught_up)
