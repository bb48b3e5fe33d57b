"""A disk that remembers what was written and synced, so that a power cut at any moment can be played afterwards."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512  # bytes that a disk writes whole or not at all

Step = tuple[Any, ...]  # ("write", file, offset, bytes) | ("cut", file, size) | ("sync", file) | ("told", edit_id)


@dataclass
class Tape:
    """What happened to the files of a folder, in order, and what somebody was told in between."""

    steps: list[Step] = field(default_factory=list)

    def told(self, edit_id: str) -> None:
        """Somebody was told that this edit is accepted."""
        self.steps.append(("told", edit_id))

    def survivors(
        self, before: dict[str, bytes], upto: int, chance: random.Random
    ) -> tuple[dict[str, bytes], set[str]]:
        """The files after a power cut at step ``upto``, and the edits that were told accepted by then.

        What was synced is there; of the rest, any sectors may be, in any mixture.
        """
        durable = {name: bytearray(content) for name, content in before.items()}
        pending: dict[str, list[Step]] = {}
        told = set()
        for step in self.steps[:upto]:
            if step[0] == "told":
                told.add(step[1])
            elif step[0] == "sync":
                _apply(durable.setdefault(step[1], bytearray()), pending.pop(step[1], []))
            else:
                pending.setdefault(step[1], []).append(step)
        for name, steps in pending.items():
            kept = [part for step in steps for part in _sectors(step) if chance.random() < 0.6]
            _apply(durable.setdefault(name, bytearray()), kept)
        return {name: bytes(content) for name, content in durable.items()}, told


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


class RecordedFile(apsw.VFSFile):
    """A file whose writes, cuts and syncs go to the tape as well."""

    def __init__(self, tape: Tape, name: Any, flags: list[int]) -> None:
        super().__init__("unix", name, flags)
        path = name.filename() if isinstance(name, apsw.URIFilename) else name  # of the log itself, of its WAL
        self.tape, self.name = tape, Path(path).name

    def xWrite(self, content: bytes, offset: int) -> None:
        self.tape.steps.append(("write", self.name, offset, bytes(content)))
        super().xWrite(content, offset)

    def xTruncate(self, size: int) -> None:
        self.tape.steps.append(("cut", self.name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.tape.steps.append(("sync", self.name))


class RecordingDisk(apsw.VFS):
    """Everything that SQLite opens by name while this is registered is recorded."""

    def __init__(self, tape: Tape) -> None:
        super().__init__("recording", "unix", makedefault=True)
        self.tape = tape

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return RecordedFile(self.tape, name, flags) if name else apsw.VFSFile("unix", name, flags)
