"""A disk that can run full, fail, and remember what was written and synced, so that a power cut can be played later."""

import errno
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw

SECTOR = 512  # bytes that a disk writes whole or not at all

Step = tuple[Any, ...]  # ("write", file, offset, bytes) | ("cut", file, size) | ("sync"|"lost", file) | ("told", edit)
Call = Literal["sync", "write"]


@dataclass
class Tape:
    """What happened to the files of a folder, in order, and what somebody was told in between."""

    steps: list[Step] = field(default_factory=list)

    def told(self, edit_id: str) -> None:
        """Somebody was told that this edit is accepted."""
        self.steps.append(("told", edit_id))

    def survivors(
        self, before: dict[str, bytes], upto: int, chance: random.Random, share: float = 0.6
    ) -> tuple[dict[str, bytes], set[str]]:
        """The files after a power cut at step ``upto``, and the edits that were told accepted by then.

        What was synced is there; of the rest, any sectors may be, in any mixture: each with the chance ``share``. So
        it is with what a failed sync had to bring to the disk, and no later sync brings it.
        """
        durable = {name: bytearray(content) for name, content in before.items()}
        pending: dict[str, list[Step]] = {}
        told = set()
        for step in self.steps[:upto]:
            if step[0] == "told":
                told.add(step[1])
            elif step[0] == "sync":
                _apply(durable.setdefault(step[1], bytearray()), pending.pop(step[1], []))
            elif step[0] == "lost":
                _apply(durable.setdefault(step[1], bytearray()), _some(pending.pop(step[1], []), chance, share))
            else:
                pending.setdefault(step[1], []).append(step)
        for name, steps in pending.items():
            _apply(durable.setdefault(name, bytearray()), _some(steps, chance, share))
        return {name: bytes(content) for name, content in durable.items()}, told


class Disk(apsw.VFS):
    """Everything that SQLite opens by name while this is registered goes through here; all is well until told."""

    def __init__(self, tape: Tape | None = None) -> None:
        """Registered at once; ``unregister`` ends it."""
        super().__init__("campaign", "unix", makedefault=True)
        self.tape = tape
        self.room: int | None = None  # bytes that files may still grow by
        self.failures = 0
        self._countdown: dict[Call, int] = {}

    def leave_room(self, size: int) -> None:
        """Let files grow by so many bytes more, and then answer ENOSPC."""
        self.room = size

    def fail_next(self, call: Call, nth: int = 1) -> None:
        """Let the nth such call from now on fail, once."""
        self._countdown[call] = nth

    def fails_now(self, call: Call) -> bool:
        """Whether this is the call that was to fail."""
        left = self._countdown.get(call, 0)
        self._countdown[call] = max(0, left - 1)
        self.failures += left == 1
        return left == 1

    def note(self, *step: Any) -> None:
        """Remember, if anybody wants to know."""
        if self.tape is not None:
            self.tape.steps.append(step)

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        """A file of ours, unless it is a temporary one."""
        return _File(self, name, flags) if name else apsw.VFSFile("unix", name, flags)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name  # of the log itself, of its WAL
        self._disk, self._name = disk, Path(path).name

    def xWrite(self, content: bytes, offset: int) -> None:  # noqa: N802 - SQLite's name
        if self._disk.room is not None:
            grows = max(0, offset + len(content) - self.xFileSize())
            if grows > self._disk.room:
                raise apsw.FullError(f"{self._name}: no space left on device (errno {errno.ENOSPC})")
            self._disk.room -= grows
        if self._disk.fails_now("write"):
            raise apsw.IOError(f"{self._name}: write failed")
        self._disk.note("write", self._name, offset, bytes(content))
        super().xWrite(content, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802 - SQLite's name
        self._disk.note("cut", self._name, size)
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802 - SQLite's name
        if self._disk.fails_now("sync"):
            self._disk.note("lost", self._name)
            raise apsw.IOError(f"{self._name}: fsync failed")
        super().xSync(flags)
        self._disk.note("sync", self._name)


def _some(steps: list[Step], chance: random.Random, share: float) -> list[Step]:
    return [part for step in steps for part in _sectors(step) if chance.random() < share]


def _sectors(step: Step) -> list[Step]:
    if step[0] == "cut":
        return [step]
    kind, name, offset, content = step
    return [(kind, name, offset + at, content[at : at + SECTOR]) for at in range(0, len(content), SECTOR)]


def _apply(content: bytearray, steps: list[Step]) -> None:
    for step in steps:
        if step[0] == "cut":
            del content[step[2] :]
        else:
            _, _, offset, written = step
            if len(content) < offset:
                content.extend(bytes(offset - len(content)))
            content[offset : offset + len(written)] = written
