"""Keeps the files of every project as the log says: all of them looked at when it starts, then those that change.

Behind the log by a second or two, or longer where writing takes long. Beside the newest version lie the last fifty
before it, also those that were overtaken before they were written. Files that somebody else changed or removed are
written again within seconds. Nothing here holds up the event loop, and trouble with the disk stops nothing else: it is
logged, and tried again.
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
from adapters.projectfiles.folder import VERSIONS_KEPT, Folder, Stamp, remove
from domain.errors import Refused
from domain.ids import ProjectId, project_stream

TICK = 1.0  # seconds between two writes
PATROL = 5.0  # seconds between two looks at files that nothing happened to
PREFIX = "project-"

_log = structlog.get_logger("projectfiles")


class _Named(msgspec.Struct):
    name: str


class Mirror:
    """Writes project files, in worker threads."""

    def __init__(self, log: EventLog, feed: Feed, projects: Projects, exchanges: Exchanges, root: Path) -> None:
        """Below ``root``."""
        self._log = log
        self._feed = feed
        self._projects = projects
        self._exchanges = exchanges
        self._root = root
        self._written: dict[str, tuple[Folder, Stamp]] = {}
        self._users: dict[str, set[str]] = {}  # by media, the projects that were seen with it

    async def run(self) -> None:
        """Until cancelled or until the feed ends."""
        self._root.mkdir(parents=True, exist_ok=True)
        position = self._log.position()
        await asyncio.sleep(TICK)  # who starts the server waits for its first answer, not for files
        waiting = await self._write(name.removeprefix(PREFIX) for name in self._log.streams(PREFIX))
        clock = asyncio.get_running_loop().time
        rest, due, patrol = TICK, clock() + TICK, clock() + PATROL
        async for batch in self._feed.follow_on(position, EVERYTHING, TICK):
            if touched := set[str]().union(*(self._about(event.record.stream) for event in batch.events)):
                due = due if waiting else clock() + rest
                waiting |= touched
            if clock() >= patrol:
                began = clock()
                waiting |= await asyncio.to_thread(self._touched_by_others)
                patrol = clock() + max(PATROL, 10 * (clock() - began))
            if waiting and clock() >= due:
                began = clock()
                waiting = await self._write(waiting)
                rest = max(TICK, 10 * (clock() - began))
                due = clock() + rest

    def _about(self, stream: str) -> set[str]:
        """The projects whose files a fact of this stream may change."""
        kind, _, name = stream.partition("-")
        return {name} if kind == "project" else self._users.get(name, set()) if kind == "media" else set()

    async def _write(self, projects: Iterable[str]) -> set[str]:
        """Bring these projects' files up to date; those that have to be tried again."""
        failed: set[str] = set()
        for project in list(projects):
            try:
                await asyncio.to_thread(self._one, project)
            except OSError as error:
                failed.add(project)
                _log.warning("project_files_not_written", project=project, reason=str(error))
            except Refused as refused:
                _log.warning("project_files_left", project=project, reason=str(refused))
        return failed

    def _one(self, project: str) -> None:
        try:
            seen = self._projects.see_apart(project)
        except Refused as refused:
            if refused.code != "unknown_project":
                raise
            self._written.pop(project, None)
            remove(self._root, project)
            return
        listed = self._exchanges.assets(seen.document)
        for asset in listed:
            self._users.setdefault(asset.id, set()).add(project)
        assets = msgspec.json.encode(listed)
        folder = Folder(self._root, msgspec.json.decode(seen.document, type=_Named).name, project)
        texts = _readable(seen.document), _readable(assets)
        if not folder.is_as(*texts):
            folder.write(*texts)
        earlier = self._earlier(project, seen.version)
        for version in folder.lacking(earlier):
            document = self._projects.see_apart(project, version).document
            folder.keep(version, _readable(document), earlier[version])
        self._written[project] = (folder, folder.stamp())

    def _earlier(self, project: str, newest: int) -> dict[int, int]:
        """The versions that the last edits before the newest led to, each with the time of its edit."""
        stream, reach = project_stream(ProjectId(project)), 4 * VERSIONS_KEPT
        while True:
            records = self._log.read(stream, max(0, newest - reach), newest)
            ends = {record.edit_id: (record.version, record.time_us * 1000) for record in records}
            if len(ends) > VERSIONS_KEPT or reach >= newest:
                return dict(list(ends.values())[-1 - VERSIONS_KEPT : -1])
            reach *= 4

    def _touched_by_others(self) -> set[str]:
        """Projects whose files are not those that were written last."""
        return {project for project, (folder, stamp) in self._written.items() if folder.stamp() != stamp}


def _readable(document: bytes) -> bytes:
    return msgspec.json.format(document, indent=2) + b"\n"
