"""A whole render through the real path, beside one FFmpeg command written by hand with the same encoder settings."""

import os
import tempfile
import time
from pathlib import Path

from adapters.cli.bench import changes
from adapters.cli.bench.cutting import Cost, Shot, choose, lay, rendered
from adapters.cli.bench.figures import Figure
from adapters.cli.client import Api
from adapters.cli.demo import sample_footage
from adapters.cli.demo.server import running_server
from adapters.ffmpeg.locate import locate

QUICK = (20, 3)  # clips, and the seconds of each
FULL = (100, 6)


def measure(size: tuple[int, int]) -> list[Figure]:
    """A film of so many cuts at once; then what changes to it cost."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        place = Path(folder)
        with running_server(place, sample_footage(), executors=2) as url, Api(url, actor="bench") as api:
            shots = choose(api, *size)
            by_hand = hand_written(shots, place / "by-hand.mp4")
            project = lay(api, shots)
            full = rendered(api, project)
            beside = f"one ffmpeg command: {by_hand.cpu:.1f} CPU s, {by_hand.wall:.1f} s wall"
            what = f"full render, {len(shots)} cuts"
            return [
                Figure(f"{what}: CPU", full.cpu / by_hand.cpu, "ratio", beside),
                Figure(f"{what}: wall", full.wall / by_hand.wall, "ratio", beside),
                *changes.measure(api, project, shots, full),
            ]


def hand_written(shots: list[Shot], film: Path) -> Cost:
    """What somebody would type: input seeking, one graph, one encode."""
    argv = [str(locate().ffmpeg), "-v", "error", "-nostdin", "-y"]
    graph, pads = "", ""
    for number, shot in enumerate(shots):
        argv += ["-ss", f"{shot.start:f}", "-t", str(shot.lasting), "-i", shot.video["path"]]
        graph += f"[{number}:v]fps=30,scale=1280:720,setsar=1,format=yuv420p[v{number}];"
        graph += f"[{number}:a]aresample=48000[a{number}];"
        pads += f"[v{number}][a{number}]"
    graph += f"{pads}concat=n={len(shots)}:v=1:a=1[v][a]"
    argv += ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "veryfast"]
    argv += ["-crf", "23", "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", str(film)]
    began = time.perf_counter()
    child = os.posix_spawn(argv[0], argv, os.environ)
    _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"the hand-written command failed with {status}")
    return Cost(time.perf_counter() - began, usage.ru_utime + usage.ru_stime)
