"""The folders that media may be read from: a path becomes an open, checked file, or is refused."""

import errno
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from adapters.media.beneath import open_beneath
from domain.errors import Refused

MAX_PATH = 4096


@dataclass(frozen=True)
class Opened:
    """A regular file, open for reading. ``path`` is absolute, with the root spelt as the disk has it.

    Give FFmpeg ``argument`` and pass it ``descriptor``: the path is not looked up a second time, and no name, however
    odd, reaches a command line.
    """

    descriptor: int
    path: str
    file_size: int
    mtime_ns: int

    @property
    def argument(self) -> str:
        """What to write after ``-i``."""
        return f"file:/dev/fd/{self.descriptor}"

    def __enter__(self) -> "Opened":
        """Itself; closed at the end of the block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close the file."""
        os.close(self.descriptor)


class Roots:
    """Folders given by the settings, and the paths below them. Everything else is refused in the same words."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """ValueError where a folder is relative, missing, no folder, or the root of the file system."""
        self._folders: list[tuple[Path, Path]] = []
        for folder in folders:
            if not folder.is_absolute() or not folder.is_dir():
                raise ValueError(f"{str(folder)!r} is not the absolute path of a folder")
            real = folder.resolve(strict=True)
            if real == Path("/"):
                raise ValueError("the root of the file system can't be a media or output root")
            self._folders.append((folder, real))

    @property
    def folders(self) -> list[Path]:
        """The roots, as the disk spells them."""
        return [real for _, real in self._folders]

    def below(self, path: str) -> tuple[Path, tuple[str, ...]]:
        """The root that a path lies under, and the steps from there; ``path_not_allowed`` where there is none."""
        if not path.startswith("/") or "\0" in path or len(path) > MAX_PATH or not _is_text(path):
            raise Refused("path_not_allowed", "That is not an absolute path in UTF-8", path="path")
        steps = Path(path).parts
        for given, real in self._folders:
            for root in (real, given):
                if steps[: len(root.parts)] == root.parts and ".." not in steps:
                    return real, steps[len(root.parts) :]
        raise Refused("path_not_allowed", "The path is not under any of the roots", path="path")

    def open_folder(self, path: str) -> tuple[int, str]:
        """A descriptor of a folder for listing it, and its path as the disk spells it."""
        root, steps = self.below(path)
        return self._open(root, steps, os.O_RDONLY | os.O_DIRECTORY), str(root.joinpath(*steps))

    def _open(self, root: Path, steps: tuple[str, ...], flags: int) -> int:
        try:
            start = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                return open_beneath(start, steps, flags)
            finally:
                os.close(start)
        except OSError as failure:
            if failure.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
                raise  # this process is at fault, not the path
            raise _refusal(failure) from failure


class MediaRoots(Roots):
    """The folders that media may be read from."""

    def open(self, path: str) -> Opened:
        """A regular file below a root. Links, folders, devices, pipes and sockets are ``path_not_allowed``.

        Where nothing is, ``media_missing``.
        """
        root, steps = self.below(path)
        # looked at before it is opened: opening a pipe would wait and opening a device can act
        seen_as = self._open(root, steps, os.O_PATH)
        try:
            seen = os.fstat(seen_as)
        finally:
            os.close(seen_as)
        _only_a_file(seen)
        descriptor = self._open(root, steps, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        found = os.fstat(descriptor)
        if (found.st_dev, found.st_ino) != (seen.st_dev, seen.st_ino):
            os.close(descriptor)
            raise Refused("media_missing", "The file was replaced while it was opened", path="path")
        return Opened(descriptor, str(root.joinpath(*steps)), found.st_size, found.st_mtime_ns)

    def is_there(self, path: str) -> bool:
        """Whether a plain file is at a path below a root."""
        try:
            seen = self._open(*self.below(path), os.O_PATH)
        except Refused:
            return False
        try:
            return stat.S_ISREG(os.fstat(seen).st_mode)
        finally:
            os.close(seen)


def _only_a_file(seen: os.stat_result) -> None:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFBLK: "a device",
        stat.S_IFCHR: "a device",
    }
    if not stat.S_ISREG(seen.st_mode):
        kind = kinds.get(stat.S_IFMT(seen.st_mode), "something else")
        raise Refused("path_not_allowed", f"At the path is {kind}, not a plain file", path="path")


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refusal(failure: OSError) -> Refused:
    match failure.errno:
        case errno.ENOENT:
            return Refused("media_missing", "There is nothing at the path", path="path")
        case errno.ELOOP | errno.EXDEV:
            return Refused("path_not_allowed", "The path leads through a symbolic link", path="path")
        case errno.ENOTDIR:
            return Refused("path_not_allowed", "The path leads through a link, or through a file", path="path")
        case errno.EACCES | errno.EPERM:
            return Refused("path_not_allowed", "The server may not read what is at the path", path="path")
        case errno.ENAMETOOLONG:
            return Refused("path_not_allowed", "A name in the path is too long", path="path")
        case _:
            return Refused("media_unreadable", f"The disk answers: {os.strerror(failure.errno or 0)}", path="path")
