"""From what was joined, and what was coded in one go, to the file or folder that was asked for: by copy."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from adapters.ffmpeg.locate import Tools
from adapters.ffmpeg.run import Limits, run
from adapters.render.make import BEFORE, expect_success
from adapters.render.results import demuxer
from domain.render.formats.containers import Container
from domain.timeline.events import Output

_TIMEOUT_S = 3600
_LIMITS = Limits(cpu_seconds=3600, memory_bytes=2 << 30, file_bytes=1 << 40)
_COPY = ("-c", "copy", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact")
_AS_JOINED = frozenset({"mp4", "m4a"})  # the joiner writes these itself


async def mux(tools: Tools, container: Container, inputs: Sequence[Path], folder: Path, output: Output) -> Path:
    """The film in ``folder``; ``inputs`` have one stream each, or are what was joined.

    Refuses ``unit_failed`` and ``storage_full`` as a unit does.
    """
    made = folder / f"film{container.suffix}"
    if len(inputs) == 1 and _is_it(inputs[0], container):
        if inputs[0].parent == folder:
            return inputs[0].rename(made)
        shutil.copyfile(inputs[0], made)
        return made
    target = f"file:{made}"
    if container.main:
        made.mkdir()
        target = container.main
    argv = [str(tools.ffmpeg), *BEFORE]
    for path in inputs:
        argv += ["-f", demuxer(path), "-i", f"file:{path}"]
    for number in range(len(inputs)):
        argv += ["-map", str(number)]
    # lengths are counted in frames and samples: counted in milliseconds, the ends would move
    clocks = ["-video_track_timescale", str(output.fps.num), "-movie_timescale", str(output.sample_rate)]
    argv += [*_COPY, *(clocks if container.name in ("mp4", "mov") else []), *container.words, target]
    expect_success(await run(argv, cwd=made if container.main else folder, timeout=_TIMEOUT_S, limits=_LIMITS))
    return made


def _is_it(path: Path, container: Container) -> bool:
    """Whether a file is the film as it stands."""
    if path.suffix == ".mp4":
        return container.name in _AS_JOINED
    return path.suffix in container.suffixes
