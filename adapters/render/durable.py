"""Files that are whole or not there: synced before they get their name, and never put over another."""

import errno
import hashlib
import os
from pathlib import Path

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def sha256(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """What was written to a file, or the names in a folder, survive a power cut from here on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def place(made: Path, final: Path) -> None:
    """Give a finished file of the same file system its name; FileExistsError when something has it already."""
    sync(made)
    os.link(made, final)  # unlike rename, never replaces
    made.unlink()
    sync(final.parent)


def replace(made: Path, final: Path) -> None:
    """Give a finished file of the same folder its name, in place of what had it."""
    sync(made)
    made.replace(final)
    sync(final.parent)
