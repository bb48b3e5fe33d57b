"""Keeps the files of every project as the log says: all of them looked at when it starts, then those that change.

Behind the log by a second at most, or longer where writing takes long; a version that is overtaken meanwhile is not
written. Trouble with the disk stops nothing else: it is logged, and tried again.
"""

import asyncio
from collections.abc import Iterable
from pathlib import Path

import msgspec
import structlog

from adapters.app.exchange import Exchanges
from adapters.app.projects import Projects
from adapters.eventstore.port import EventLog
from adapters.feed.feed import Feed
from adapters.feed.wanted import EVERYTHING
from adapters.projectfiles.folder import Folder
from domain.errors import Refused

TICK = 1.0  # seconds between two looks
PREFIX = "project-"

_log = structlog.get_logger("projectfiles")


class Mirror:
    """Writes project files. Runs in the event loop; files are written in worker threads."""

    def __init__(self, log: EventLog, feed: Feed, projects: Projects, exchanges: Exchanges, root: Path) -> None:
        """Below ``root``."""
        self._log = log
        self._feed = feed
        self._projects = projects
        self._exchanges = exchanges
        self._root = root
        self._names: dict[str, str] = {}

    async def run(self) -> None:
        """Until cancelled or until the feed ends."""
        self._root.mkdir(parents=True, exist_ok=True)
        position = self._log.position()
        waiting = await self._write(name.removeprefix(PREFIX) for name in self._log.streams(PREFIX))
        loop = asyncio.get_running_loop()
        due = loop.time() + TICK
        async for batch in self._feed.follow_on(position, EVERYTHING, TICK):
            streams = (event.record.stream for event in batch.events)
            waiting |= {stream.removeprefix(PREFIX) for stream in streams if stream.startswith(PREFIX)}
            if waiting and loop.time() >= due:
                began = loop.time()
                waiting = await self._write(waiting)
                due = loop.time() + max(TICK, 10 * (loop.time() - began))

    async def _write(self, projects: Iterable[str]) -> set[str]:
        """Bring these projects' files up to date; those that have to be tried again."""
        failed: set[str] = set()
        for project in list(projects):
            try:
                await self._one(project)
            except OSError as error:
                failed.add(project)
                _log.warning("project_files_not_written", project=project, reason=str(error))
        return failed

    async def _one(self, project: str) -> None:
        try:
            seen = self._projects.see(project)
        except Refused as refused:
            if refused.code != "unknown_project":
                _log.warning("project_files_left", project=project, reason=str(refused))
                return
            name = self._names.pop(project, "")
            await asyncio.to_thread(lambda: Folder(self._root, name, project).remove())
            return
        document = seen.decoded()
        name = self._names[project] = document["name"]
        assets = msgspec.json.encode(self._exchanges.assets(document))

        def write() -> None:
            folder = Folder(self._root, name, project)
            texts = _readable(seen.document), _readable(assets)
            if not folder.is_as(*texts):
                folder.write(*texts)

        await asyncio.to_thread(write)


def _readable(document: bytes) -> bytes:
    return msgspec.json.format(document, indent=2) + b"\n"
