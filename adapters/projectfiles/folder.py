"""One project's folder: ``project.json``, ``assets.json``, and ``.versions/vNNN.json`` with what was there before.

Every file is put in place whole. A damaged one counts as missing. The end of a folder's name says whose it is, whatever
the project is called.
"""

import hashlib
import os
import re
import unicodedata
from base64 import b32encode
from pathlib import Path

import msgspec

VERSIONS_KEPT = 50
_OTHER = re.compile(r"[^a-z0-9]+")
_KEPT = re.compile(r"v(\d+)\.json\Z", re.ASCII)


Stamp = tuple[tuple[int, int, int] | None, ...]


class _Head(msgspec.Struct):
    id: str
    version: int


def folder_name(name: str, project: str) -> str:
    """``first-cut-4fk2zq``: what people called it, and what tells it from another of that name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = _OTHER.sub("-", plain).strip("-")[:48].strip("-") or "project"
    return f"{slug}-{_mark(project)}"


def _mark(project: str) -> str:
    return b32encode(hashlib.blake2b(project.encode(), digest_size=5).digest()).decode().lower()


def remove(root: Path, project: str) -> None:
    """Take a project's files away; a folder with other things in it stays."""
    for folder in root.glob(f"*-{_mark(project)}"):
        versions = folder / ".versions"
        ours = [folder / name for name in ("project.json", "assets.json", ".project.json.new", ".assets.json.new")]
        for file in (*ours, *versions.glob("v*.json")):
            file.unlink(missing_ok=True)
        for empty in (versions, folder):
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()


class Folder:
    """The folder of a project below ``root``, whatever it was called last."""

    def __init__(self, root: Path, name: str, project: str) -> None:
        """Takes the name that the project has now."""
        self.path = root / folder_name(name, project)
        self._project = project
        if not self.path.exists():
            for before in (folder for folder in root.glob(f"*-{_mark(project)}") if folder.is_dir()):
                before.rename(self.path)
                return

    def is_as(self, document: bytes, assets: bytes) -> bool:
        """Whether the files say exactly this."""
        return _bytes(self.path / "project.json") == document and _bytes(self.path / "assets.json") == assets

    def write(self, document: bytes, assets: bytes) -> None:
        """Put the files in place; what was there, if it is whole and of another version, is kept under its version."""
        versions = self.path / ".versions"
        versions.mkdir(parents=True, exist_ok=True)
        current = self.path / "project.json"
        before, after = self._head(_bytes(current)), self._head(document)
        if before and after and before.version < after.version:
            current.replace(versions / f"v{before.version:03}.json")
        _put(self.path / "assets.json", assets)
        _put(current, document)
        self._thin(versions)

    def stamp(self) -> Stamp:
        """What a look at the files tells without reading them; it changes when somebody else writes or removes one."""
        return tuple(_looked(self.path / name) for name in ("project.json", "assets.json"))

    def _head(self, document: bytes | None) -> _Head | None:
        try:
            head = msgspec.json.decode(document or b"", type=_Head)
        except msgspec.DecodeError:
            return None
        return head if head.id == self._project else None

    def _thin(self, versions: Path) -> None:
        kept = sorted((int(found[1]), file) for file in versions.iterdir() if (found := _KEPT.match(file.name)))
        for _, file in kept[:-VERSIONS_KEPT]:
            file.unlink(missing_ok=True)


def _bytes(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _looked(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _put(file: Path, content: bytes) -> None:
    new = file.with_name(f".{file.name}.new")
    with new.open("wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
