"""Bring the library up to date with a folder: read what is new or changed, find what moved, note what is lost."""

import asyncio
import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from adapters.ffmpeg.locate import Tools
from adapters.media.paths import MediaRoots
from adapters.media.probe import probe
from adapters.media.sniff import NotMediaError
from adapters.media.walk import Seen, looks_like_media, walk
from domain.errors import Refused
from domain.library import decide
from domain.library.events import Description, LibraryFact, MediaChanged, MediaFound, MediaMoved
from domain.library.shelf import Shelf

AT_ONCE = 2
_LISTED = 200


class Settle(Protocol):
    """Where facts go: decides on the present shelf and appends, with nothing in between, and answers the facts."""

    async def __call__(self, decision: Callable[[Shelf], list[LibraryFact]]) -> list[LibraryFact]:
        """Append what ``decision`` says of the shelf as it is, and fold it into the shelf."""
        ...


@dataclass
class Report:
    """What a scan did so far. ``total`` things were met and ``scanned`` of them are dealt with, each counted once under
    ``new``, ``changed``, ``moved``, ``unchanged``, ``refused``, ``ignored`` or ``gone``.

    ``ignored`` are files that neither are media nor claim to be, ``gone`` those that went while the scan was under way.
    Beside them, ``lost`` are files that it knew and did not meet, and ``hidden`` names with a dot, passed over.
    ``refused_by_code`` says why; ``refused_files`` names the first 200 of the refused.
    """

    total: int = 0
    scanned: int = 0
    new: int = 0
    changed: int = 0
    moved: int = 0
    unchanged: int = 0
    refused: int = 0
    ignored: int = 0
    gone: int = 0
    lost: int = 0
    hidden: int = 0
    refused_by_code: dict[str, int] = field(default_factory=dict)
    refused_files: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, path: str, code: str, reason: str) -> None:
        """Count a file that can't be used."""
        self.refused += 1
        self.refused_by_code[code] = self.refused_by_code.get(code, 0) + 1
        if len(self.refused_files) < _LISTED:
            self.refused_files.append({"path": path, "code": code, "reason": reason})


class Scan:
    """One scan of one folder. Cancel its task to stop it: what it has found by then stays found."""

    def __init__(
        self,
        roots: MediaRoots,
        tools: Tools,
        shelf: Shelf,
        settle: Settle,
        new_id: decide.NewId,
        progress: Callable[[Report], None],
    ) -> None:
        """``progress`` is called after every file."""
        self._roots = roots
        self._tools = tools
        self._shelf = shelf
        self._settle = settle
        self._new_id = new_id
        self._progress = progress
        self.report = Report()

    async def run(self, path: str, *, recursive: bool) -> Report:
        """Scan a folder, or one file. Refused where the path may not be read or nothing is there."""
        root, steps = self._roots.below(path)
        spelt = str(root.joinpath(*steps))
        if self._roots.is_there(spelt):
            with self._roots.open(spelt) as file:
                files = [Seen(spelt, file.file_size, file.mtime_ns)]
        else:
            walked = await asyncio.to_thread(walk, self._roots, spelt, recursive=recursive)
            files = walked.files
            for refused_path, reason in walked.refused:
                self.report.refuse(refused_path, "path_not_allowed", reason)
            self.report.scanned, self.report.hidden = len(walked.refused), walked.hidden
        self.report.total = self.report.scanned + len(files)
        waiting = iter(files)
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._work(waiting))
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        await self._lose(spelt, {seen.path for seen in files}, recursive=recursive)
        self._progress(self.report)
        return self.report

    async def _work(self, waiting: Iterator[Seen]) -> None:
        for seen in waiting:
            await self._look(seen)
            self.report.scanned += 1
            self._progress(self.report)

    async def _look(self, seen: Seen) -> None:
        known = self._shelf.at(seen.path)
        if decide.is_unchanged(known, seen.file_size, seen.mtime_ns):
            if known and known.refusal:
                self.report.refuse(seen.path, *known.refusal)
            else:
                self.report.unchanged += 1
            return
        try:
            with self._roots.open(seen.path) as file:
                found = await probe(file, self._tools)
        except NotMediaError as other:
            if looks_like_media(seen.path):
                await self._refuse(seen, Refused("media_unreadable", f"It is {other}", path="path"))
            else:
                self.report.ignored += 1
        except Refused as refused:
            await self._refuse(seen, refused)
        except OSError as failure:
            if failure.errno not in (errno.EIO, errno.ESTALE):
                raise
            await self._refuse(seen, Refused("media_unreadable", "The disk can't read the file", path="path"))
        else:
            await self._keep(found)

    async def _refuse(self, seen: Seen, why: Refused) -> None:
        if why.code == "media_missing":
            self.report.gone += 1  # since the folder was listed
            return
        self.report.refuse(seen.path, why.code, why.message)
        await self._settle(
            lambda shelf: decide.refuse(
                shelf, seen.path, seen.file_size, seen.mtime_ns, why.code, why.message, self._new_id
            )
        )

    async def _keep(self, found: Description) -> None:
        def decision(shelf: Shelf) -> list[LibraryFact]:
            same = shelf.with_content(found.content.sha256)
            gone = {known.path for known in same if not self._roots.is_there(known.path)}
            return decide.read(shelf, found, gone, self._new_id)

        for fact in await self._settle(decision):
            match fact:
                case MediaFound():
                    self.report.new += 1
                case MediaChanged():
                    self.report.changed += 1
                case MediaMoved():
                    self.report.moved += 1
                case _:
                    self.report.unchanged += 1
            return
        self.report.unchanged += 1

    async def _lose(self, path: str, seen: set[str], *, recursive: bool) -> None:
        for known in self._shelf.below(path, recursive=recursive):
            if known.path in seen or self._roots.is_there(known.path):
                continue

            def decision(shelf: Shelf, media: str = known.media, there: str = known.path) -> list[LibraryFact]:
                now = shelf.files[media]
                return decide.lose(now) if now.path == there else []

            self.report.lost += len(await self._settle(decision))
