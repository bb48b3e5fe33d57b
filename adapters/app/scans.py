"""Scanning folders: jobs that bring the library up to date."""

from collections.abc import Callable
from typing import Any

import msgspec
import uuid_utils

from adapters.app.asking import Answered, Asked, encoded
from adapters.app.jobs import Jobs, Started, Work, new_job
from adapters.app.keys import Keys
from adapters.app.library import Library
from adapters.ffmpeg.locate import Tools
from adapters.media.paths import MediaRoots
from adapters.media.scan import Report, Scan
from adapters.telemetry.metrics import Metrics
from domain.errors import Refused
from domain.ids import MediaId
from domain.library.events import LibraryFact
from domain.library.shelf import Shelf


class Scans:
    """Starts scans."""

    def __init__(
        self, keys: Keys, jobs: Jobs, library: Library, roots: MediaRoots, tools: Tools, metrics: Metrics
    ) -> None:
        """Over a library."""
        self._keys = keys
        self._jobs = jobs
        self._library = library
        self._roots = roots
        self._tools = tools
        self._metrics = metrics

    async def start(self, path: str, recursive: bool, asked: Asked) -> Answered:
        """Begin a scan. Refuses a path outside the media roots at once. No log remembers jobs: where a key
        comes again to a server that does not know its job, after a restart, that begins anew under its id."""

        async def begun() -> Answered:
            self._roots.below(path)
            if asked.conditions:
                raise Refused("invalid_field", "A folder has no version that could match", "If-Match")
            return await self._keys.keep(asked, Answered(202, encoded(Started(new_job()))))

        answered = await self._keys.once(asked, begun)
        job = msgspec.json.decode(answered.body, type=Started).job_id
        if not self._jobs.knows(job):
            self._jobs.start(job, "scan", lambda work: self._run(path, recursive, asked, work))
        return answered

    async def _run(self, path: str, recursive: bool, asked: Asked, work: Work) -> dict[str, Any]:
        scan = Scan(self._roots, self._tools, self._library.shelf, self._settle(asked), _new_id, self._tell(work))
        report = await scan.run(path, recursive=recursive)
        found: dict[str, Any] = msgspec.to_builtins(report)
        return found

    def _settle(self, asked: Asked) -> "_Settle":
        return _Settle(self._library, asked)

    def _tell(self, work: Work) -> Callable[[Report], None]:
        seen = 0

        def tell(report: Report) -> None:
            nonlocal seen
            self._metrics.videos_scanned.inc(report.scanned - seen)
            seen = report.scanned
            work.progress = report.scanned / report.total if report.total else 1.0

        return tell


class _Settle:
    """A scan's way into the library's log, under the name of who asked for the scan."""

    def __init__(self, library: Library, asked: Asked) -> None:
        self._library = library
        self._asked = asked

    async def __call__(self, decision: Callable[[Shelf], list[LibraryFact]]) -> list[LibraryFact]:
        return await self._library.settle(decision, self._asked, "record")


def _new_id() -> MediaId:
    return MediaId(f"media_{uuid_utils.uuid7().hex}")
