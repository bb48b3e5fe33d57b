"""An argument vector with its slots filled in: the one place where paths meet FFmpeg's arguments."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from domain.errors import Refused
from domain.render.plan import Slot, Token

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}\Z")
_HASH = re.compile(r"[0-9a-f]{64}\Z")


def fill(tokens: Sequence[Token], media: Mapping[str, str], units: Mapping[str, Path], out: Path) -> list[str]:
    """The arguments with every slot's path or name; ``media`` has an argument for each source.

    Paths are absolute and behind ``file:``, so that FFmpeg takes none of them for an option or a protocol.
    """
    return [token if isinstance(token, str) else _filled(token, media, units, out) for token in tokens]


def prepare(folder: Path, files: Mapping[str, str], fonts: Mapping[str, Path], units: Mapping[str, Path]) -> None:
    """Put what the plan promises into a working directory: its files, its fonts and the units that it needs, by their
    fixed names."""
    for name, text in files.items():
        (folder / file_name(name)).write_text(text, encoding="utf-8", newline="")
    for digest, path in fonts.items():
        (folder / font_name(digest)).symlink_to(path)
    for key, path in units.items():
        (folder / file_name(f"{key}{path.suffix}")).symlink_to(path)


def file_name(name: str) -> str:
    """A file's name in the working directory; refused when it could lead out of it."""
    if not _NAME.match(name):
        raise Refused("malformed_request", f"The plan names a file {name!r}")
    return name


def font_name(digest: str) -> str:
    """A font's name in the working directory."""
    if not _HASH.match(digest):
        raise Refused("malformed_request", f"The plan names a font {digest!r}")
    return f"{digest}.font"


def _filled(slot: Slot, media: Mapping[str, str], units: Mapping[str, Path], out: Path) -> str:
    if slot.media is not None:
        return media[slot.media]
    if slot.unit is not None:
        return f"file:{units[slot.unit]}"
    if slot.file is not None:
        return file_name(slot.file)
    return f"file:{out}"
