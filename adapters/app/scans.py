"""Scanning folders: jobs that bring the library up to date."""

from collections.abc import Callable
from typing import Any

import msgspec
import uuid_utils

from adapters.app.asking import Asked
from adapters.app.jobs import Jobs, Work
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
    """Starts scans. The same idempotency key gives the same job, as long as this process lives."""

    def __init__(self, jobs: Jobs, library: Library, roots: MediaRoots, tools: Tools, metrics: Metrics) -> None:
        """Over a library."""
        self._jobs = jobs
        self._library = library
        self._roots = roots
        self._tools = tools
        self._metrics = metrics
        self._keys: dict[tuple[str, str], tuple[bytes, str]] = {}

    def start(self, path: str, recursive: bool, asked: Asked) -> str:
        """The id of the job. Refuses a path outside the media roots at once."""
        self._roots.below(path)
        if asked.conditions:
            raise Refused("invalid_field", "A folder has no version that could match", "If-Match")
        if asked.key is None:
            return self._begin(path, recursive, asked)
        name = (asked.caller.actor, asked.key.text)
        known = self._keys.get(name)
        if known is None:
            known = self._keys[name] = (asked.key.request_hash, self._begin(path, recursive, asked))
        if known[0] != asked.key.request_hash:
            raise Refused("key_reused", "This Idempotency-Key came with another request before", "Idempotency-Key")
        return known[1]

    def _begin(self, path: str, recursive: bool, asked: Asked) -> str:
        return self._jobs.start("scan", lambda work: self._run(path, recursive, asked, work))

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
