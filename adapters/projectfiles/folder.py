"""One project's folder: ``project.json``, ``assets.json``, and ``.versions/vNNN.json`` with what it was before.

Every file is put in place whole. A version's file bears the time of its edit, so one that somebody changed since is
known without reading it. The end of a folder's name says whose it is, whatever the project is called.
"""

import hashlib
import os
import re
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from pathlib import Path

VERSIONS_KEPT = 50
_OTHER = re.compile(r"[^a-z0-9]+")
_KEPT = re.compile(r"v\d+\.json\Z|\.v\d+\.json\.new\Z", re.ASCII)


Stamp = dict[str, tuple[int, int, int] | None]


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
        for file in (*ours, *versions.glob("v*.json"), *versions.glob(".v*.json.new")):
            file.unlink(missing_ok=True)
        for empty in (versions, folder):
            if empty.is_dir() and not any(empty.iterdir()):
                empty.rmdir()


class Folder:
    """The folder of a project below ``root``, whatever it was called last."""

    def __init__(self, root: Path, name: str, project: str) -> None:
        """Takes the name that the project has now."""
        self.path = root / folder_name(name, project)
        if not self.path.exists():
            for before in (folder for folder in root.glob(f"*-{_mark(project)}") if folder.is_dir()):
                before.rename(self.path)
                return

    def is_as(self, document: bytes, assets: bytes) -> bool:
        """Whether the files say exactly this."""
        return _bytes(self.path / "project.json") == document and _bytes(self.path / "assets.json") == assets

    def write(self, document: bytes, assets: bytes) -> None:
        """Put the files in place."""
        self._versions.mkdir(parents=True, exist_ok=True)
        _put(self.path / "assets.json", assets)
        _put(self.path / "project.json", document)

    def keep(self, version: int, document: bytes, time_ns: int) -> None:
        """Put an earlier version in place, under the time of its edit."""
        self._versions.mkdir(parents=True, exist_ok=True)
        _put(self._versions / _version_name(version), document, time_ns)

    def lacking(self, versions: Mapping[int, int]) -> list[int]:
        """Which of these earlier versions, by the time of their edit, are not there as they were put; others go."""
        wanted = {_version_name(version): version for version in versions}
        for file in self._version_files():
            if file.name not in wanted:
                file.unlink(missing_ok=True)
        looks = {version: _looked(self._versions / name) for name, version in wanted.items()}
        return [version for version, look in looks.items() if look is None or look[2] != versions[version]]

    def stamp(self) -> Stamp:
        """What a look at the files tells without reading them; it changes when somebody else writes or removes one."""
        ours = (self.path / name for name in ("project.json", "assets.json"))
        return {file.name: _looked(file) for file in (*ours, *self._version_files())}

    @property
    def _versions(self) -> Path:
        return self.path / ".versions"

    def _version_files(self) -> list[Path]:
        try:
            return [file for file in self._versions.iterdir() if _KEPT.match(file.name)]
        except OSError:
            return []


def _version_name(version: int) -> str:
    return f"v{version:03}.json"


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


def _put(file: Path, content: bytes, time_ns: int | None = None) -> None:
    new = file.with_name(f".{file.name}.new")
    with new.open("wb") as out:
        out.write(content)
        out.flush()
        if time_ns is not None:
            os.utime(out.fileno(), ns=(time_ns, time_ns))
        os.fsync(out.fileno())
    new.replace(file)
