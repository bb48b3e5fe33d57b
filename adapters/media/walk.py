"""The files of a folder, without following anything: what could be media, and what is refused by its kind."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import PurePath

from adapters.media.paths import Roots
from domain.errors import Refused

MAX_FILES = 1_000_000
MEDIA_SUFFIXES = frozenset(
    [
        ".3g2",
        ".3gp",
        ".aac",
        ".aif",
        ".aifc",
        ".aiff",
        ".apng",
        ".asf",
        ".avi",
        ".avif",
        ".bmp",
        ".caf",
        ".divx",
        ".flac",
        ".flv",
        ".gif",
        ".jpe",
        ".jpeg",
        ".jpg",
        ".m2ts",
        ".m2v",
        ".m4a",
        ".m4v",
        ".mka",
        ".mkv",
        ".mov",
        ".mp2",
        ".mp3",
        ".mp4",
        ".mpe",
        ".mpeg",
        ".mpg",
        ".mts",
        ".mxf",
        ".oga",
        ".ogg",
        ".ogv",
        ".opus",
        ".png",
        ".qt",
        ".tif",
        ".tiff",
        ".ts",
        ".vob",
        ".wav",
        ".webm",
        ".webp",
        ".wma",
        ".wmv",
    ]
)


@dataclass(frozen=True)
class Seen:
    """A plain file, as its folder lists it."""

    path: str
    file_size: int
    mtime_ns: int


@dataclass
class Walk:
    """What a walk met: files to look into, and things of other kinds with the reason why they are not. ``hidden``
    counts names that begin with a dot."""

    files: list[Seen] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    hidden: int = 0


def looks_like_media(path: str) -> bool:
    """Whether a name claims to be a media file."""
    return PurePath(path).suffix.lower() in MEDIA_SUFFIXES


def walk(roots: Roots, path: str, *, recursive: bool) -> Walk:
    """Everything at ``path``: the file itself, or the files of the folder; with ``recursive``, of those below it.

    Names that begin with a dot are passed over: they are other programs' notes. Refused where the path is not below a
    root, or nothing is there; ``limit_exceeded`` beyond a million files.
    """
    found = Walk()
    folders = [path]
    while folders:
        here = folders.pop()
        try:
            descriptor, spelt = roots.open_folder(here)
        except Refused as refused:
            if here == path:
                raise
            found.refused.append((here, refused.message))
            continue
        try:
            below = _list(descriptor, spelt, found)
        finally:
            os.close(descriptor)
        if recursive:
            folders.extend(reversed(below))
        if len(found.files) > MAX_FILES:
            raise Refused("limit_exceeded", f"There are more than {MAX_FILES} files; scan smaller folders", path="path")
    return found


def _list(descriptor: int, folder: str, found: Walk) -> list[str]:
    """Sort the entries of one folder; answers the folders in it, by name."""
    below = []
    with os.scandir(descriptor) as entries:
        for entry in sorted(entries, key=lambda entry: os.fsencode(entry.name)):
            if entry.name.startswith("."):
                found.hidden += 1
                continue
            path = f"{folder}/{entry.name}"
            if not _is_utf8(entry.name):
                found.refused.append((_shown(path), "Its name is not UTF-8"))
                continue
            try:
                kind = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            if stat.S_ISDIR(kind.st_mode):
                below.append(path)
            elif stat.S_ISREG(kind.st_mode):
                found.files.append(Seen(path, kind.st_size, kind.st_mtime_ns))
            elif stat.S_ISLNK(kind.st_mode):
                found.refused.append((path, "It is a symbolic link, which is never followed"))
            else:
                found.refused.append((path, "It is a pipe, a socket or a device, not a plain file"))
    return below


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    return os.fsencode(path).decode(errors="backslashreplace")
