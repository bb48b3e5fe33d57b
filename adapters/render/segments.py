"""The store of finished units, each under the name of what determines it: ``ab/<key><suffix>`` and ``ab/<key>.json``.

A unit is there when both files are and the hash holds. What is damaged counts as missing and is removed, so it is made
again. Whoever reads a unit's bytes hashes them; to know whether it is there, its size is enough. Every method blocks.
"""

import re
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec

from adapters.render import durable
from adapters.render.scratch import locked, scratch, sweep

_KEY = re.compile(r"[0-9a-f]{64}\Z")
# msgspec lets a text that is no UTF-8 through as Python's own error
_NOT_THERE = (FileNotFoundError, msgspec.MsgspecError, UnicodeDecodeError)
_SUFFIX = re.compile(r"\.[a-z0-9]{1,8}\Z")


class Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a stored unit: hex SHA-256, bytes, and FFmpeg's time on a processor."""

    sha256: str
    size: int
    cpu_ms: int
    frames: int | None
    samples: int | None


class Stored(msgspec.Struct, frozen=True):
    """A unit in the store."""

    path: Path
    sidecar: Sidecar


class SegmentStore:
    """Finished units in a folder that any number of processes, on any number of machines, may share."""

    def __init__(self, root: Path) -> None:
        """``root`` is made where it is missing, and cleared of what crashed processes left in it."""
        self.root = root
        self._scratch = root / ".scratch"
        sweep(self._scratch)

    def path(self, key: str, suffix: str) -> Path:
        """Where a unit is, if it is there. ValueError for what can't be a unit's name."""
        if not _KEY.match(key) or not _SUFFIX.match(suffix):
            raise ValueError(f"no unit is called {key!r}{suffix!r}")
        return self.root / key[:2] / f"{key}{suffix}"

    def glance(self, key: str, suffix: str) -> Stored | None:
        """The unit, if it seems to be there; its bytes are not read."""
        path = self.path(key, suffix)
        try:
            return self._sized(path, key)
        except _NOT_THERE:
            return None

    def find(self, key: str, suffix: str) -> Stored | None:
        """The unit, if it is there and whole: its bytes are read and hashed."""
        path = self.path(key, suffix)
        if not path.parent.is_dir():
            return None
        with locked(path.parent):
            return self._find(path, key)

    def keep(self, made: Path, key: str, suffix: str, sidecar: Sidecar) -> Stored:
        """Take a finished file in from a :meth:`workspace`. One that is there already stays, and ``made`` goes."""
        path = self.path(key, suffix)
        path.parent.mkdir(parents=True, exist_ok=True)
        with locked(path.parent):
            present = self._find(path, key)
            if present:
                made.unlink()
                return present
            durable.place(made, path)
            self._write(self._sidecar(path, key), msgspec.json.encode(sidecar))
            return Stored(path, sidecar)

    def workspace(self) -> AbstractContextManager[Path]:
        """A folder of the same file system to make a unit in; it is gone after the block."""
        return scratch(self._scratch)

    def _find(self, path: Path, key: str) -> Stored | None:
        try:
            stored = self._sized(path, key)
            if stored and durable.sha256(path) == stored.sidecar.sha256:
                return stored
        except _NOT_THERE:
            pass  # never finished, or damaged: both are removed below
        path.unlink(missing_ok=True)
        self._sidecar(path, key).unlink(missing_ok=True)
        return None

    def _sized(self, path: Path, key: str) -> Stored | None:
        sidecar = msgspec.json.decode(self._sidecar(path, key).read_bytes(), type=Sidecar)
        return Stored(path, sidecar) if path.stat().st_size == sidecar.size else None

    def _sidecar(self, path: Path, key: str) -> Path:
        return path.with_name(f"{key}.json")

    def _write(self, path: Path, content: bytes) -> None:
        draft = path.with_suffix(".draft")
        draft.write_bytes(content)
        durable.replace(draft, path)
