"""What the library holds, folded from its facts: as much of each file as decisions rest on."""

from dataclasses import dataclass, field, replace
from typing import Literal

from domain.library.events import (
    Description,
    LibraryFact,
    MediaChanged,
    MediaFound,
    MediaLost,
    MediaMoved,
    MediaNamed,
    MediaRefused,
    MediaRemoved,
    MediaTagged,
    MediaTouched,
)

Status = Literal["ready", "refused", "lost", "removed"]


@dataclass(frozen=True)
class Known:
    """One file. ``description`` is the last readable content, None where it never was readable.

    ``path``, ``file_size`` and ``mtime_ns`` are those of the last time that the file was looked at.
    """

    media: str
    status: Status
    path: str
    file_size: int
    mtime_ns: int
    description: Description | None
    refusal: tuple[str, str] | None = None
    name: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def sha256(self) -> str | None:
        """Hash of its last readable content."""
        return self.description.content.sha256 if self.description else None


@dataclass
class Shelf:
    """Every file of the library by id, by path and by content. Grows by ``apply`` only."""

    files: dict[str, Known] = field(default_factory=dict)
    _paths: dict[str, str] = field(default_factory=dict)
    _contents: dict[str, dict[str, None]] = field(default_factory=dict)

    def apply(self, fact: LibraryFact) -> None:
        """Take in the next fact of the log."""
        before = self.files.get(fact.media)
        after = evolve(before, fact)
        if before:
            if self._paths.get(before.path) == before.media:
                del self._paths[before.path]
            self._contents.get(before.sha256 or "", {}).pop(before.media, None)
        self.files[fact.media] = after
        # a removed file keeps its place, so that the next scan finds it under the id that its clips know
        if after.status != "removed" or after.path not in self._paths:
            self._paths[after.path] = after.media
        if after.sha256:
            self._contents.setdefault(after.sha256, {})[after.media] = None

    def at(self, path: str) -> Known | None:
        """The file at a path, whatever became of it."""
        media = self._paths.get(path)
        return self.files[media] if media else None

    def with_content(self, sha256: str) -> list[Known]:
        """Every file whose last readable content has this hash, oldest first."""
        return [self.files[media] for media in self._contents.get(sha256, {})]

    def below(self, folder: str, *, recursive: bool) -> list[Known]:
        """Files in a folder that were there when last looked for; with ``recursive`` in the folders below, too."""
        start = folder.rstrip("/") + "/"
        return [
            known
            for path, known in ((path, self.files[media]) for path, media in self._paths.items())
            if path.startswith(start)
            and (recursive or "/" not in path[len(start) :])
            and known.status in ("ready", "refused")
        ]


def evolve(before: Known | None, fact: LibraryFact) -> Known:
    """A file after a fact. ValueError where the file was not there and the fact is not the first of a file."""
    if isinstance(fact, MediaFound | MediaChanged):
        new = fact.description
        old = before or Known(fact.media, "ready", new.path, new.file_size, new.mtime_ns, new)
        return replace(
            old,
            status="ready",
            path=new.path,
            file_size=new.file_size,
            mtime_ns=new.mtime_ns,
            description=new,
            refusal=None,
        )
    if isinstance(fact, MediaRefused):
        old = before or Known(fact.media, "refused", fact.path, fact.file_size, fact.mtime_ns, None)
        return replace(
            old,
            status="refused",
            path=fact.path,
            file_size=fact.file_size,
            mtime_ns=fact.mtime_ns,
            refusal=(fact.code, fact.reason),
        )
    if before is None:
        raise ValueError(f"{type(fact).__name__} is about a file that was never found: {fact.media}")
    return _evolve_known(before, fact)


def _evolve_known(
    before: Known, fact: MediaMoved | MediaTouched | MediaLost | MediaNamed | MediaTagged | MediaRemoved
) -> Known:
    match fact:
        case MediaMoved(path=path, mtime_ns=mtime_ns):
            size = before.description.file_size if before.description else before.file_size
            return replace(before, status="ready", path=path, file_size=size, mtime_ns=mtime_ns, refusal=None)
        case MediaTouched(mtime_ns=mtime_ns):
            return replace(before, mtime_ns=mtime_ns)
        case MediaLost():
            return replace(before, status="lost")
        case MediaNamed(name=name):
            return replace(before, name=name)
        case MediaTagged(tags=tags):
            return replace(before, tags=tuple(tags))
        case MediaRemoved():
            return replace(before, status="removed")
