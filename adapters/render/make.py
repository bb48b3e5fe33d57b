"""Make one unit: from a command to a verified file in the segment store."""

import asyncio
import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import Limits, Outcome, run
from adapters.media.paths import MediaRoots, Opened
from adapters.render import argv, durable, pieces, results
from adapters.render.segments import SegmentStore, Sidecar, Stored
from domain.errors import Refused
from domain.render.messages import SourceFile, Work
from domain.render.plan import Unit

BEFORE = ["-hide_banner", "-nostdin", "-nostats", "-loglevel", "warning", "-progress", "pipe:1", "-n"]
_MEMORY_BYTES = 4 << 30
_RESULT_BYTES = 64 << 30


class NeedsMissing(Exception):
    """Units that this one reads are not in the store."""

    def __init__(self, keys: list[str]) -> None:
        """Their keys."""
        super().__init__(", ".join(keys))
        self.keys = keys


class Maker:
    """Runs FFmpeg for units, on this machine's media roots and segment store."""

    def __init__(self, tools: Tools, store: SegmentStore, roots: MediaRoots) -> None:
        """Everything a unit needs from the machine."""
        self._tools = tools
        self._store = store
        self._roots = roots
        self._known: set[tuple[int, int, int, str]] = set()  # sources whose content was found to be what it should be

    async def make(self, work: Work, on_progress: Callable[[bytes], None]) -> tuple[Stored, bool]:
        """The unit in the store, and whether it was there already. ``on_progress`` gets FFmpeg's own reports.

        Refused where a source is missing or has changed, FFmpeg fails, the result is not what was planned or the disk
        is full; :class:`NeedsMissing` where its units are not there.
        """
        unit = work.unit
        try:
            there = await asyncio.to_thread(self._store.find, unit.key, unit.suffix)
            if there:
                return there, True
            with self._store.workspace() as folder:
                return await self._make(work, folder, on_progress), False
        except OSError as fault:
            if fault.errno in durable.NO_ROOM:
                raise Refused("storage_full", f"No room for a part of the film: {fault.strerror}") from fault
            raise Refused("unit_failed", f"{type(fault).__name__}: {fault.strerror}") from fault

    async def _make(self, work: Work, folder: Path, on_progress: Callable[[bytes], None]) -> Stored:
        unit = work.unit
        units = await asyncio.to_thread(self._needs, work)
        fonts = await asyncio.to_thread(self._fonts, work)
        made = folder / f"made{unit.suffix}"
        with self._opened(work.sources) as sources:
            for media, source in sources.items():
                await asyncio.to_thread(self._verify, source, work.sources[media])
            cwd = folder / "work"
            cwd.mkdir()
            argv.prepare(cwd, unit.files, fonts, units)
            media_arguments = {media: source.argument for media, source in sources.items()}
            spent = 0.0
            for tokens in filter(None, (unit.first, unit.argv)):
                outcome = await run(
                    [str(self._tools.ffmpeg), *BEFORE, *argv.fill(tokens, media_arguments, units, made)],
                    cwd=cwd,
                    timeout=work.timeout_s,
                    limits=Limits(work.timeout_s * 4, _MEMORY_BYTES, _RESULT_BYTES),
                    on_progress=on_progress,
                    pass_fds=[source.descriptor for source in sources.values()],
                )
                expect_success(outcome)
                spent += outcome.cpu_seconds
        await self._check(made, unit)
        return await asyncio.to_thread(self._keep, work, made, round(spent * 1000))

    async def _check(self, made: Path, unit: Unit) -> None:
        """It is what was planned. What the film is joined from is looked at as the joiner will, the rest by FFmpeg."""
        if unit.kind == "segment" or (unit.kind == "mix" and made.suffix in pieces.JOINED):
            await asyncio.to_thread(pieces.check, made, unit)
        elif unit.kind == "sound" and made.suffix not in pieces.JOINED:
            await results.check_heard(self._tools, made, unit.expect)
        else:
            results.check(await results.probe(self._tools, made, reading=True), unit.expect)

    def _needs(self, work: Work) -> dict[str, Path]:
        found = {key: self._store.find(key, suffix) for key, suffix in work.needs.items()}
        if missing := [key for key, stored in found.items() if stored is None]:
            raise NeedsMissing(missing)
        return {key: stored.path for key, stored in found.items() if stored}

    def _fonts(self, work: Work) -> dict[str, Path]:
        for digest, path in work.fonts.items():
            try:
                if durable.sha256(Path(path)) != digest:
                    raise Refused("source_changed", f"The font {Path(path).name} has changed since the plan was made")
            except OSError as fault:
                raise Refused("source_changed", f"The font {Path(path).name} can't be read any more") from fault
        return {digest: Path(path) for digest, path in work.fonts.items()}

    @contextmanager
    def _opened(self, sources: dict[str, SourceFile]) -> Iterator[dict[str, Opened]]:
        with ExitStack() as stack:
            yield {media: stack.enter_context(self._open(media, source)) for media, source in sources.items()}

    def _open(self, media: str, source: SourceFile) -> Opened:
        try:
            return self._roots.open(source.path)
        except Refused as refused:
            message = f"The source {Path(source.path).name} ({media}) can't be read: {refused.message}"
            raise Refused(refused.code, message) from None

    def _verify(self, opened: Opened, source: SourceFile) -> None:
        """The file has the content that was scanned. It is read once, and again whenever it was touched.

        Its name and its modification time are anybody's to set, so they prove nothing.
        """
        now = os.fstat(opened.descriptor)
        seen = (now.st_dev, now.st_ino, now.st_ctime_ns, source.sha256)
        if seen in self._known:
            return
        if now.st_size != source.size or durable.sha256(Path(f"/dev/fd/{opened.descriptor}")) != source.sha256:
            hidden = " (its time is as it was: touch it before)" if now.st_mtime_ns == source.mtime_ns else ""
            name = Path(opened.path).name
            raise Refused("source_changed", f"{name} has other content than when it was scanned{hidden}")
        self._known.add(seen)

    def _keep(self, work: Work, made: Path, cpu_ms: int) -> Stored:
        unit = work.unit
        size, digest = made.stat().st_size, durable.sha256(made)
        sidecar = Sidecar(digest, size, cpu_ms, unit.expect.frames, unit.expect.samples)
        return self._store.keep(made, unit.key, unit.suffix, sidecar)


def expect_success(outcome: Outcome) -> None:
    """Refuses, naming what went wrong, unless FFmpeg ended well."""
    said = " / ".join(outcome.error_text.strip().splitlines()[-3:])[-600:]
    if outcome.timed_out:
        raise Refused("unit_timeout", f"FFmpeg was stopped when its time was over. {said}")
    if not outcome.ok:
        full = os.strerror(errno.ENOSPC) in outcome.error_text or os.strerror(errno.EDQUOT) in outcome.error_text
        raise Refused("storage_full" if full else "unit_failed", f"FFmpeg ended with {outcome.exit_code}. {said}")
