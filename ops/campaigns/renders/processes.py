"""The processes of a server under test, found by the folder that they work in."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Literal

Role = Literal["server", "executor", "nats", "ffmpeg", "other"]
_MARKS: tuple[tuple[bytes, Role], ...] = (
    (b"ops.campaigns.executor", "executor"),
    (b"ops.campaigns.child", "server"),
    (b"nats-server", "nats"),
    (b"-progress\0", "ffmpeg"),
)


def of(folder: Path) -> dict[int, Role]:
    """Every living process that works in the folder or was given it, by its id."""
    found: dict[int, Role] = {}
    mark = os.fsencode(folder)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            with suppress(OSError):  # it has ended meanwhile
                command = (entry / "cmdline").read_bytes()
                if command and (mark in command or mark in (entry / "environ").read_bytes()):
                    found[int(entry.name)] = next((role for sign, role in _MARKS if sign in command), "other")
    return found


def some(folder: Path, role: Role) -> list[int]:
    """Those of one role, in order."""
    return sorted(pid for pid, its in of(folder).items() if its == role)


def parent(pid: int) -> int:
    """The id of the process that a process belongs to; 0 where it has ended."""
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def send(pid: int, number: signal.Signals) -> bool:
    """Send a signal; False where the process has ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)
        return True
    return False
