"""The fonts of this machine, by content, and which of them can draw a text."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from domain.errors import Refused

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path("/usr/share/texmf/fonts"),
)
_SUFFIXES = (".ttf", ".otf")
# read first, best first: wide coverage and a neutral look; the rest follows by name
_PREFERRED = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "LiberationSans-Regular.ttf", "FreeSans.ttf")
_MAX_FONT_BYTES = 64 << 20
_MAX_FONTS = 2_000

MissingGlyphs = Callable[[bytes, str], list[str]]


@dataclass(frozen=True)
class Font:
    """A font file; its content's hash is read when it is first asked for."""

    path: Path

    @property
    def content(self) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()

    @cached_property
    def sha256(self) -> str:
        """Hash of the bytes, in hex."""
        return hashlib.sha256(self.content).hexdigest()


# flags, skin tones and joined emoji: drawtext takes one plain font, and drawn apart their parts say something else
_JOINED = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]|\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")


class Fonts:
    """Fonts in order of preference."""

    def __init__(self, fonts: Sequence[Font], missing_glyphs: MissingGlyphs) -> None:
        """``missing_glyphs(font, text)`` answers the characters that a font's bytes can't draw (the core's)."""
        self._fonts = list(fonts)
        self._missing = missing_glyphs

    @classmethod
    def of_the_system(cls, folders: Sequence[Path] = FOLDERS) -> "Fonts":
        """Every TrueType and OpenType file of the system's folders and of the user's."""
        from rust_core import missing_glyphs

        own = (Path.home() / ".local" / "share" / "fonts", Path.home() / ".fonts")
        found: dict[str, Path] = {}
        for folder in (*folders, *own):
            for path in _font_files(folder):
                found.setdefault(path.name, path)
                if len(found) >= _MAX_FONTS:
                    break
        return cls([Font(found[name]) for name in sorted(found, key=_by_preference)], missing_glyphs)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._fonts)

    def choose(self, text: str) -> Font:
        """The first font that has every character of ``text``; ``glyphs_missing`` names those that none has."""
        if joined := _JOINED.search(text):
            message = f"Emoji of several parts can't be drawn as one sign: a part is U+{ord(joined[0]):04X}"
            raise Refused("glyphs_missing", message, path="params.text")
        lacking: set[str] | None = None
        for font in self._fonts:
            missing = self._missing_in(font, text)
            if missing is not None and not missing:
                return font
            if missing is not None:
                lacking = set(missing) if lacking is None else lacking & set(missing)
        raise self._refusal(lacking)

    def _missing_in(self, font: Font, text: str) -> list[str] | None:
        """What a font lacks; None where it can't be used at all."""
        try:
            return self._missing(font.content, text)
        except (OSError, ValueError):
            return None

    def _refusal(self, lacking: set[str] | None) -> Refused:
        if lacking is None:
            return Refused("glyphs_missing", "No usable font is installed on this machine", path="params.text")
        if not lacking:
            return Refused("glyphs_missing", "No single font has all characters of the text", path="params.text")
        named = ", ".join(f"U+{ord(character):04X}" for character in sorted(lacking)[:20])
        return Refused("glyphs_missing", f"No font here can draw {named}", path="params.text")


def _font_files(folder: Path) -> list[Path]:
    files = []
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            if name.lower().endswith(_SUFFIXES) and path.is_file() and path.stat().st_size <= _MAX_FONT_BYTES:
                files.append(path)
    return files


def _by_preference(name: str) -> tuple[int, str]:
    return (_PREFERRED.index(name) if name in _PREFERRED else len(_PREFERRED), name)
