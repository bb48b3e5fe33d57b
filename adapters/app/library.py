"""The media library: which files there are, as sources for clips, and what people call them."""

import asyncio
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import msgspec

from adapters.app.asking import Answered, Asked, edit_name, encoded
from adapters.app.keys import Keys, kept_answer
from adapters.eventstore.edits import Edit, EditKind, NewFact
from adapters.eventstore.port import EventLog
from adapters.media.fonts import Fonts
from adapters.media.paths import MediaRoots
from domain.errors import Refused
from domain.ids import MediaId, media_stream
from domain.library import decide
from domain.library.events import LibraryFact
from domain.library.media import MediaFile
from domain.library.shelf import Known, Shelf
from domain.timeline.events import Source

_FACT: msgspec.msgpack.Decoder[LibraryFact] = msgspec.msgpack.Decoder(LibraryFact)
_BATCH = 1_000
_ATTEMPTS = 8

Decision = Callable[[Shelf], list[LibraryFact]]


class Library:
    """Every file of the log's media streams, kept in memory. A ``domain.timeline.state.Library``."""

    def __init__(self, log: EventLog, keys: Keys, roots: MediaRoots, fonts: Fonts) -> None:
        """Fold what the log holds."""
        self._font = lru_cache(maxsize=1024)(fonts.choose)
        self._log = log
        self._keys = keys
        self._roots = roots
        self._turn = asyncio.Lock()
        self._shelf = Shelf()
        self._position = 0  # up to where the shelf has the log
        self._reading = Lock()
        self._catch_up(log.head().position)

    @property
    def shelf(self) -> Shelf:
        """What the library holds, as far as this process knows of the log."""
        self._catch_up(self._log.position())
        return self._shelf

    def source(self, name: str) -> Source:
        """A file by id or by path, as a clip keeps it. Refuses one that is not there any more."""
        known = self._known(name)
        if known is None or known.status == "removed":
            raise Refused("unknown_media", "No file of that id or path is in the library", "source", [name[:64]])
        content = self._content(known)
        if not self._roots.is_there(known.path):
            raise Refused("media_missing", "The file is not where the last scan found it", "source", [known.media])
        return Source(content.id, content.kind, content.duration, content.audio is not None)

    def must_draw(self, text: str) -> None:
        """Refuses ``glyphs_missing`` where no font of this machine has all of the text."""
        self._font(text)

    def files(self, ids: Sequence[str]) -> dict[str, Known]:
        """Where these files lie and what they were when they were read; refuses ``source_missing``."""
        return {name: self._ready(name) for name in ids}

    def version(self, media: str) -> int:
        """How many facts there are about a file: what its entity tag says."""
        return self._log.version(media_stream(MediaId(media)))

    def _ready(self, name: str) -> Known:
        known = self.shelf.files.get(name)
        if known is None or known.status != "ready" or known.description is None:
            raise Refused("source_missing", f"A clip's source {_why_not(name, known)}", "source", [name])
        return known

    async def change(self, media: str, name: str | None, tags: Sequence[str] | None, asked: Asked) -> Answered:
        """Another name for people, or other tags; answers what was asked for, as it is now."""

        def facts(shelf: Shelf) -> list[LibraryFact]:
            renamed = [] if name is None else decide.rename(shelf, MediaId(media), name)
            return renamed + ([] if tags is None else decide.tag(shelf, MediaId(media), tags))

        shown: dict[str, Any] = {"id": media}
        shown |= {} if name is None else {"name": name}
        shown |= {} if tags is None else {"tags": sorted(set(tags))}
        return await self._keys.once(asked, lambda: self._answered(facts, asked, media, encoded(shown)))

    async def remove(self, media: str, asked: Asked) -> Answered:
        """Take a file out of the library; the file itself stays."""
        body = encoded({"id": media, "removed": True})

        def facts(shelf: Shelf) -> list[LibraryFact]:
            return decide.remove(shelf, MediaId(media))

        return await self._keys.once(asked, lambda: self._answered(facts, asked, media, body))

    async def settle(self, decision: Decision, asked: Asked, kind: EditKind) -> list[LibraryFact]:
        """Append what a decision says of the shelf as it is, and fold it in. One at a time.

        Whoever asked may go away meanwhile: the shelf still learns what the log has.
        """
        return await asyncio.shield(self._settle(decision, asked, kind))

    async def _settle(self, decision: Decision, asked: Asked, kind: EditKind) -> list[LibraryFact]:
        async with self._turn:
            return await self._decided(decision, asked, kind, None, None)

    async def _answered(self, decision: Decision, asked: Asked, media: str, body: bytes) -> Answered:
        """One write of a caller's."""
        async with self._turn:
            await self._decided(decision, asked, "edit", media, body)
            return Answered(200, body, self.version(media))

    async def _decided(
        self, decision: Decision, asked: Asked, kind: EditKind, media: str | None, body: bytes | None
    ) -> list[LibraryFact]:
        """Decide and append; again where another process was quicker."""
        for _ in range(_ATTEMPTS - 1):
            try:
                return await self._once(decision, asked, kind, media, body)
            except Refused as refused:
                if refused.code != "version_conflict" or refused.path is not None:
                    raise  # a condition of the caller's own names its field; the log's conflict does not
        return await self._once(decision, asked, kind, media, body)

    async def _once(
        self, decision: Decision, asked: Asked, kind: EditKind, media: str | None, body: bytes | None
    ) -> list[LibraryFact]:
        # a version is read before what is decided on it: what another server writes meanwhile is then a conflict
        version = None if media is None else self.version(media)
        if version is not None:
            asked.check(version)
        self._catch_up(self._log.head().position)
        facts = decision(self._shelf)
        if not facts and (body is None or not asked.key):
            return facts
        media = media or facts[0].media
        if version is None:
            version = self.version(media)
            if self._catch_up(self._log.head().position):
                raise Refused("version_conflict", "The library has changed meanwhile")
        await self._append(media, version, facts, asked, kind, body)
        return facts

    async def _append(
        self,
        media: str,
        version: int,
        facts: list[LibraryFact],
        asked: Asked,
        kind: EditKind,
        body: bytes | None,
    ) -> None:
        stream = media_stream(MediaId(media))
        edit = Edit(
            edit_id=edit_name(stream, version, asked),
            stream=stream,
            expected_version=version,
            facts=[NewFact(str(type(f).__struct_config__.tag), msgspec.msgpack.encode(f)) for f in facts],
            actor=asked.caller.actor,
            kind=kind,
            command=asked.command,
            rationale=asked.rationale,
            correlation_id=asked.caller.correlation,
            answer=kept_answer(asked, 200, body) if body is not None else None,
        )
        records = await asyncio.wrap_future(self._log.submit(edit))
        if records:
            self._catch_up(records[-1].position)

    def _catch_up(self, upto: int) -> bool:
        """Take in what was written up to a position, by whichever process; whether there was anything."""
        changed = False
        with self._reading:
            while self._position < upto:
                records = self._log.read_all(self._position, _BATCH, "media-")
                for record in records:
                    self._shelf.apply(_FACT.decode(record.fact))
                changed |= bool(records)
                reached = records[-1].position if records else 0
                self._position = reached if len(records) == _BATCH else max(upto, reached)
        return changed

    def _known(self, name: str) -> Known | None:
        if not name.startswith("/"):
            return self.shelf.files.get(name)
        try:
            root, steps = self._roots.below(name)
            known = self.shelf.at(str(root.joinpath(*steps)))
            if known is None and not self._roots.is_there(name):
                with self._roots.open(name):  # refused by what is there instead: a link, a pipe
                    pass
        except Refused as refused:
            if refused.code == "media_missing":
                return None
            raise Refused(refused.code, refused.message, "source") from None
        return known

    def _content(self, known: Known) -> MediaFile:
        if known.status == "lost":
            raise Refused("media_missing", "The file has gone since it was scanned", "source", [known.media])
        if known.status == "refused" or known.description is None:
            reason = known.refusal[1] if known.refusal else "it was never readable"
            raise Refused("media_unreadable", f"The file can't be used: {reason}", "source", [known.media])
        return known.description.content


def _why_not(name: str, known: Known | None) -> str:
    """What is the matter with a file that can't be read now."""
    if known is None:
        return f"({name}) was never in this library"
    matters = {"lost": "was gone at the last scan", "removed": "was taken out of the library"}
    reason = known.refusal[1] if known.refusal else "never readable"
    return f"{Path(known.path).name} ({name}) {matters.get(known.status) or f'can not be used: {reason}'}"
