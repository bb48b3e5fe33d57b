"""The bytes of an open file as they are: holes, hash, first bytes. No look at what they mean."""

import errno
import hashlib
import os
import threading

from adapters.media.paths import Opened
from domain.errors import Refused

_PIECE = 1 << 20
MAX_FILE_BYTES = 4 << 40
_SMALL = 64 << 20


class StoppedError(Exception):
    """The work was called off."""


def check_substance(file: Opened) -> None:
    """Refuse a file that is too large, or that is mostly holes: it claims hours of reading and holds nothing."""
    if file.file_size > MAX_FILE_BYTES:
        raise Refused("media_unreadable", f"The file is larger than {MAX_FILE_BYTES >> 40} TiB", path="path")
    if file.file_size > _SMALL and _bytes_with_content(file) * 2 < file.file_size:
        raise Refused("media_unreadable", "The file is mostly holes: it was not written to its end", path="path")


def _bytes_with_content(file: Opened) -> int:
    """Bytes outside of holes, as far as the file system tells."""
    total, at = 0, 0
    # a file in thousands of pieces has substance enough to be read
    for _ in range(10_000):
        try:
            start = os.lseek(file.descriptor, at, os.SEEK_DATA)
        except OSError as failure:
            if failure.errno == errno.ENXIO:
                return total
            return file.file_size
        at = os.lseek(file.descriptor, start, os.SEEK_HOLE)
        total += at - start
    return file.file_size


def sha256(file: Opened, stop: threading.Event) -> str:
    """The content's hash, in hex; raises StoppedError soon after ``stop`` is set."""
    digest = hashlib.sha256()
    at = 0
    while piece := os.pread(file.descriptor, _PIECE, at):
        if stop.is_set():
            raise StoppedError
        digest.update(piece)
        at += len(piece)
    if at != file.file_size:
        raise Refused("media_unreadable", "The file changed while it was read", path="path")
    return digest.hexdigest()


def check_unchanged(file: Opened) -> None:
    """Refuse a file that was written to since it was opened."""
    now = os.fstat(file.descriptor)
    if (now.st_size, now.st_mtime_ns) != (file.file_size, file.mtime_ns):
        raise Refused("media_unreadable", "The file changed while it was read", path="path")
