"""Working folders that no crash leaves behind for good: each is locked while it is used, unlocked ones are swept."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else is in a block on this folder, in whichever process; waits for its turn."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def scratch(root: Path) -> Iterator[Path]:
    """A new folder below ``root``, removed at the end of the block with all that is in it."""
    root.mkdir(parents=True, exist_ok=True)
    with locked(root):  # so that no sweep sees it before it is locked
        folder = Path(tempfile.mkdtemp(dir=root))
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def sweep(root: Path) -> int:
    """Remove the folders whose owners are dead; how many there were."""
    root.mkdir(parents=True, exist_ok=True)
    swept = 0
    with locked(root):
        for folder in root.iterdir():
            handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            else:
                shutil.rmtree(folder, ignore_errors=True)
                swept += 1
            finally:
                os.close(handle)
    return swept
