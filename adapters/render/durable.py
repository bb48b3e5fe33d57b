"""Files that are whole or not there: synced before they get their name, and never put over another."""

import errno
import hashlib
import os
import shutil
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


def sync_all(path: Path) -> None:
    """As `sync`, for a folder with all that is in it."""
    if path.is_dir():
        for part in path.iterdir():
            sync(part)
    sync(path)


def digest(path: Path) -> str:
    """Hex SHA-256 of a file; of a folder, of the list that ``sha256sum`` makes of its files in order of their names."""
    if not path.is_dir():
        return sha256(path)
    lines = [f"{sha256(part)}  {part.name}\n" for part in sorted(path.iterdir())]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(part.stat().st_size for part in path.iterdir()) if path.is_dir() else path.stat().st_size


def remove(path: Path) -> None:
    """A file or a folder that may be gone already."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


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
