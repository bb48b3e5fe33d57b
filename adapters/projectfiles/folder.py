"""One project's folder: ``project.json``, ``assets.json``, and ``.versions/vNNN.json`` with what was there before.

Every file is put in place whole. A damaged one counts as missing.
"""

import hashlib
import re
import unicodedata
from base64 import b32encode
from pathlib import Path

import msgspec

VERSIONS_KEPT = 50
_OTHER = re.compile(r"[^a-z0-9]+")
_KEPT = re.compile(r"v(\d+)\.json\Z", re.ASCII)


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


class Folder:
    """The folder of a project below ``root``, whatever it was called last."""

    def __init__(self, root: Path, name: str, project: str) -> None:
        """Takes the name that the project has now."""
        self.path = root / folder_name(name, project)
        self._project = project
        for before in root.glob(f"*-{_mark(project)}"):
            if before != self.path and before.is_dir() and not self.path.exists():
                before.rename(self.path)

    def is_as(self, document: bytes, assets: bytes) -> bool:
        """Whether the files say exactly this."""
        return _bytes(self.path / "project.json") == document and _bytes(self.path / "assets.json") == assets

    def write(self, document: bytes, assets: bytes) -> None:
        """Put the files in place; what was there, if it is whole and of another version, is kept under its version."""
        versions = self.path / ".versions"
        versions.mkdir(parents=True, exist_ok=True)
        current = self.path / "project.json"
        before, after = self._head(_bytes(current)), self._head(document)
        if before and after and before.version != after.version:
            current.replace(versions / f"v{before.version:03}.json")
        _put(self.path / "assets.json", assets)
        _put(current, document)
        self._thin(versions)

    def remove(self) -> None:
        """Take our files away; a folder with other things in it stays."""
        ours = [self.path / "project.json", self.path / "assets.json", *(self.path / ".versions").glob("v*.json")]
        for file in ours:
            file.unlink(missing_ok=True)
        for folder in (self.path / ".versions", self.path):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

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


def _put(file: Path, content: bytes) -> None:
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(content)
    new.replace(file)
