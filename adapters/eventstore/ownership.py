"""One process owns writes: a lock file beside the log, held until the owner closes it or dies."""

import fcntl
import os
from pathlib import Path

from domain.errors import Refused


class Ownership:
    """The right to write to a log. The kernel gives it back when the process ends, however it ends."""

    def __init__(self, log: Path) -> None:
        """Take it, or refuse and say which process has it."""
        path = log.with_name(log.name + ".lock")
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise Refused("log_unavailable", f"The log's folder can't be written: {error}") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(self._descriptor, 32).decode("ascii", "replace").strip() or "unknown"
            os.close(self._descriptor)
            message = f"Process {owner} is writing to {log}: stop it, or use another DATA_DIR"
            raise Refused("log_unavailable", message) from None
        os.ftruncate(self._descriptor, 0)
        os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Let another process write. The file stays: removing it would let two owners hold two files of one name."""
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
