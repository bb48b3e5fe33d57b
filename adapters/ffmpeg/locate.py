"""Where FFmpeg is and what it can do: the one that the settings name, else that of the wheels, else that on PATH."""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from domain.errors import Refused

ScriptOption = Literal["-filter_complex_script", "-/filter_complex"]
# without these no plan can be rendered at all
NEEDED_FILTERS = frozenset({"aresample", "concat", "drawtext", "fps", "overlay", "scale", "setpts", "tpad", "trim"})
NEEDED_ENCODERS = frozenset({"libx264", "aac", "pcm_f32le"})


@dataclass(frozen=True)
class Capabilities:
    """What a build of FFmpeg says of itself. ``build`` tells any two builds apart: it goes into every cache key."""

    version: str
    build: str
    script_option: ScriptOption
    encoders: frozenset[str]
    decoders: frozenset[str]
    filters: frozenset[str]

    @property
    def lacking(self) -> list[str]:
        """Which parts that every render needs are not in this build."""
        return sorted((NEEDED_FILTERS - self.filters) | (NEEDED_ENCODERS - self.encoders))


@dataclass(frozen=True)
class Tools:
    """The two programs, of one build family, and what ``ffmpeg`` can do."""

    ffmpeg: Path
    ffprobe: Path
    capabilities: Capabilities


def locate(setting: Path | None = None) -> Tools:
    """Find both programs and ask them; ``ffmpeg_unavailable`` where either is missing or does not answer.

    ``setting`` is the path of ``ffmpeg`` itself, with ``ffprobe`` in the same folder. Answers are kept until the
    program's file changes.
    """
    if setting is not None:
        pair = (setting, setting.with_name(setting.name.replace("ffmpeg", "ffprobe")))
    else:
        pair = _of_the_wheels() or _on_the_path()
    for program in pair:
        if not program.is_file():
            raise Refused("ffmpeg_unavailable", f"There is no program {program.name} where it was looked for")
    ffmpeg, ffprobe = (program.resolve() for program in pair)
    _ask(ffprobe, "-version")
    changed = ffmpeg.stat().st_mtime_ns
    return Tools(ffmpeg, ffprobe, capabilities(ffmpeg, changed))


def _of_the_wheels() -> tuple[Path, Path] | None:
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    found = []
    for name in ("ffmpeg", "ffprobe"):
        package = find_spec(f"{name}8_binaries")
        if package is None or package.origin is None:
            return None
        found.append(Path(package.origin).parent / "binaries" / sys.platform / machine / name)
    return (found[0], found[1]) if all(program.is_file() for program in found) else None


def _on_the_path() -> tuple[Path, Path]:
    return Path(shutil.which("ffmpeg") or "ffmpeg"), Path(shutil.which("ffprobe") or "ffprobe")


@lru_cache(maxsize=8)
def capabilities(ffmpeg: Path, changed: int) -> Capabilities:
    """What the program says of itself; ``changed`` is its file's time stamp, so that an upgrade is asked again."""
    banner = _ask(ffmpeg, "-version")
    match = re.match(r"ffmpeg version (\S+)", banner)
    if not match:
        raise Refused("ffmpeg_unavailable", f"{ffmpeg.name} does not answer as FFmpeg does")
    has_script = "-filter_complex_script" in _ask(ffmpeg, "-h", "long")
    return Capabilities(
        version=match[1],
        build=f"{match[1]} {hashlib.sha256(banner.encode()).hexdigest()}",
        script_option="-filter_complex_script" if has_script else "-/filter_complex",
        encoders=_names(_ask(ffmpeg, "-encoders")),
        decoders=_names(_ask(ffmpeg, "-decoders")),
        filters=_names(_ask(ffmpeg, "-filters")),
    )


def _names(listing: str) -> frozenset[str]:
    """The second column of FFmpeg's lists, below their legend."""
    return frozenset(re.findall(r"^ [A-Z.|]{2,6} ([a-z0-9][a-z0-9_-]*) ", listing, re.MULTILINE))


def _ask(program: Path, *question: str) -> str:
    try:
        argv = [str(program), "-hide_banner", *question]
        answer = subprocess.run(argv, capture_output=True, timeout=20, check=True)
    except (OSError, subprocess.SubprocessError) as failure:
        raise Refused("ffmpeg_unavailable", f"{program.name} can't be run ({type(failure).__name__})") from failure
    return answer.stdout.decode(errors="replace")
