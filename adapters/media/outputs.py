"""The folders that films may be written to: a free name is reserved, and the finished file appears there whole."""

import ctypes
import errno
import os
import shutil
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from adapters.media.beneath import open_beneath
from adapters.media.paths import Roots
from domain.errors import Refused

_RENAME_NOREPLACE = 1
_libc = ctypes.CDLL(None, use_errno=True)
_claiming = threading.Lock()  # who finds a note of nobody must be the one who replaces it


class OutputRoots(Roots):
    """The folders that films may be written to."""

    def reserve(self, path: str, owner: str, is_open: Callable[[str], bool] = lambda _owner: True) -> "Reservation":
        """Keep the name ``path`` for ``owner`` (a job's id) until it is published or released.

        The same owner may reserve again after a crash, and what an owner left behind that is not ``is_open`` blocks
        nobody. ``output_exists`` where something is at the path or another owner has it, ``path_not_allowed`` outside
        the roots or where its folder is missing or can't be written, ``storage_full``.
        """
        root, steps = self.below(path)
        if not steps:
            raise Refused("path_not_allowed", "The path is a root itself, not a file in it", path="output_path")
        name = steps[-1]
        if len(name.encode()) > 200:
            raise Refused("path_not_allowed", "The file's name has more than 200 bytes", path="output_path")
        folder = self._open_parent(root, steps[:-1])
        reservation = Reservation(folder, name, str(root.joinpath(*steps)))
        try:
            with _claiming:
                reservation.claim(owner, is_open)
        except BaseException:
            os.close(folder)
            raise
        return reservation

    def _open_parent(self, root: Path, steps: tuple[str, ...]) -> int:
        try:
            return self._open(root, steps, os.O_RDONLY | os.O_DIRECTORY)
        except Refused as refused:
            if refused.code != "media_missing":
                raise
            raise Refused("path_not_allowed", "The folder of the path does not exist", path="output_path") from None


@dataclass
class Reservation:
    """A name in an open folder that is kept for one job. ``path`` is where the film will be."""

    folder: int
    name: str
    path: str

    @property
    def _claim_name(self) -> str:
        return f".{self.name}.claim"

    @property
    def _part_name(self) -> str:
        return f".{self.name}.part"

    def claim(self, owner: str, is_open: Callable[[str], bool]) -> None:
        """Leave a note in the folder that says whose the name is; one of an owner that is no more is replaced."""
        with suppress(FileNotFoundError):
            os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
            raise Refused("output_exists", "Something is at that path already", path="output_path")
        try:
            self._note(owner)
        except FileExistsError:
            holder = self._owner()
            if holder == owner:
                return
            if is_open(holder):
                raise Refused("output_exists", "Another render is writing to that path", path="output_path") from None
            self._forget()
            self._note(owner)

    def _note(self, owner: str) -> None:
        """Write the note whole or not at all. ``FileExistsError`` where there is one."""
        try:
            note = open_beneath(self.folder, (self._claim_name,), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            try:
                with os.fdopen(note, "w") as text:
                    text.write(owner)
            except OSError:
                self._forget()
                raise
        except FileExistsError:
            raise
        except OSError as failure:
            full = failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            message = f"The folder can't be written: {os.strerror(failure.errno or 0)}"
            raise Refused("storage_full" if full else "path_not_allowed", message, path="output_path") from failure

    def _forget(self) -> None:
        with suppress(FileNotFoundError):
            os.unlink(self._claim_name, dir_fd=self.folder)

    def _owner(self) -> str:
        try:
            with os.fdopen(open_beneath(self.folder, (self._claim_name,), os.O_RDONLY | os.O_NONBLOCK)) as text:
                return text.read(200)
        except (OSError, UnicodeDecodeError):
            return ""

    def publish(self, source: Path) -> None:
        """Put the finished file, or folder of files, at the path, durably and never over anything; ``source`` is moved
        or copied.

        ``output_exists`` where something has appeared there meanwhile, ``storage_full`` where it does not fit.
        """
        try:
            self._place(source)
        except OSError as failure:
            if failure.errno == errno.EEXIST:
                raise Refused("output_exists", "Something is at that path by now", path="output_path") from failure
            if failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise Refused("storage_full", "The film does not fit on the disk", path="output_path") from failure
            raise
        self.release()

    def _place(self, source: Path) -> None:
        finished = os.open(source, os.O_RDONLY)
        os.fsync(finished)
        os.close(finished)
        try:
            _rename_to_a_free_name(os.fsencode(source), self.folder, self.name)
        except OSError as failure:
            if failure.errno != errno.EXDEV:
                raise
            self._copy(source)
            _rename_to_a_free_name(os.fsencode(self._part_name), self.folder, self.name, from_folder=self.folder)
        os.fsync(self.folder)

    def _copy(self, source: Path) -> None:
        self._drop_part()
        if not source.is_dir():
            _copy_file(source, self.folder, self._part_name)
            return
        os.mkdir(self._part_name, 0o755, dir_fd=self.folder)
        part = open_beneath(self.folder, (self._part_name,), os.O_RDONLY | os.O_DIRECTORY)
        try:
            for file in sorted(source.iterdir()):
                _copy_file(file, part, file.name)
            os.fsync(part)
        finally:
            os.close(part)

    def _drop_part(self) -> None:
        try:
            os.unlink(self._part_name, dir_fd=self.folder)
        except FileNotFoundError:
            pass
        except IsADirectoryError:
            shutil.rmtree(self._part_name, dir_fd=self.folder)

    def leave(self) -> None:
        """Let go of it without giving the name back: another process goes on for the same owner."""
        if self.folder >= 0:
            os.close(self.folder)
        self.folder = -1

    def release(self) -> None:
        """Give the name back; nothing of the reservation stays. Twice is once."""
        if self.folder < 0:
            return
        self._forget()
        self._drop_part()
        os.close(self.folder)
        self.folder = -1


def _copy_file(source: Path, folder: int, name: str) -> None:
    copy = open_beneath(folder, (name,), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    with os.fdopen(copy, "wb") as part, source.open("rb") as finished:
        shutil.copyfileobj(finished, part, 1 << 20)
        part.flush()
        os.fsync(part.fileno())


def _rename_to_a_free_name(source: bytes, folder: int, name: str, from_folder: int = -100) -> None:
    # -100 is AT_FDCWD: an absolute source needs no folder
    if _libc.renameat2(from_folder, source, folder, os.fsencode(name), _RENAME_NOREPLACE) == 0:
        return
    code = ctypes.get_errno()
    if code not in (errno.EINVAL, errno.ENOSYS):
        raise OSError(code, os.strerror(code))
    # this file system can't rename without replacing; a hard link can't replace either
    start = None if from_folder < 0 else from_folder
    os.link(source, os.fsencode(name), src_dir_fd=start, dst_dir_fd=folder)
    os.unlink(source, dir_fd=start)
