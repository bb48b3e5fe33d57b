"""A whole render through the real path, beside one FFmpeg command written by hand with the same encoder settings."""

import os
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.cli.bench.figures import Figure
from adapters.cli.client import Api
from adapters.cli.demo import sample_footage
from adapters.cli.demo.server import running_server
from adapters.cli.progress import follow
from adapters.ffmpeg.locate import locate

CUTS = 20
SHOT = Decimal(3)
OUTPUT = {"width": 1280, "height": 720, "fps": 30, "sample_rate": 48_000}


@dataclass(frozen=True)
class Cost:
    """What a piece of work took."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Shot:
    """``SHOT`` seconds of a file from ``start`` on."""

    video: dict[str, Any]
    start: Decimal


def measure() -> list[Figure]:
    """Twenty cuts in sixty seconds: everything, nothing changed, one clip changed."""
    with tempfile.TemporaryDirectory(prefix="stoat-bench-") as folder:
        place = Path(folder)
        with running_server(place, sample_footage(), executors=2) as url, Api(url, actor="bench") as api:
            shots = choose(api)
            by_hand = hand_written(shots, place / "by-hand.mp4")
            project = lay(api, shots)
            full = rendered(api, project)
            again = rendered(api, project)
            edit = {"op": "trim_clip", "clip": "shot-7", "in_point": shots[7].start + Decimal("0.2")}
            api.post(f"/projects/{project}/edits", {"ops": [edit]})
            changed = rendered(api, project)
    beside = f"one ffmpeg command: {by_hand.cpu:.1f} CPU s, {by_hand.wall:.1f} s wall"
    figures = []
    for what, cost in (("full render, 20 cuts", full), ("nothing changed", again), ("one clip of 20 changed", changed)):
        figures.append(Figure(f"{what}: CPU", cost.cpu / by_hand.cpu, "ratio", beside))
        figures.append(Figure(f"{what}: wall", cost.wall / by_hand.wall, "ratio", beside))
    return figures


def choose(api: Api) -> list[Shot]:
    """Twenty shots from the two longest videos with sound, in turn."""
    job = api.post("/videos/scan", {"path": str(sample_footage()), "recursive": True}).body["job_id"]
    follow(api, f"/jobs/{job}", "scan", quiet=True)
    videos = [v for v in api.get("/videos", limit=200).body["items"] if v["kind"] == "video" and v["audio"]]
    videos.sort(key=lambda v: Decimal(v["duration"]), reverse=True)
    rooms = [Decimal(v["duration"]) - SHOT - 1 for v in videos[:2]]
    return [Shot(videos[n % 2], (Decimal("0.37") * n) % rooms[n % 2]) for n in range(CUTS)]


def lay(api: Api, shots: list[Shot]) -> str:
    """The shots one after the other in a project."""
    project: str = api.post("/projects", {"name": "Bench", "output": OUTPUT}).body["id"]
    ops: list[dict[str, Any]] = [{"op": "add_track", "id": "main", "type": "video"}]
    for number, shot in enumerate(shots):
        place = {"op": "add_clip", "id": f"shot-{number}", "track": "main", "at": SHOT * number}
        part = {"source": shot.video["id"], "in_point": shot.start, "out_point": shot.start + SHOT}
        ops.append(place | part)
    api.post(f"/projects/{project}/edits", {"ops": ops})
    return project


def rendered(api: Api, project: str) -> Cost:
    """A render from request to finished file; CPU is that of the server's whole process tree."""
    before, began = tree_cpu(), time.perf_counter()
    job = api.post("/render/start", {"project_id": project}).body["job_id"]
    follow(api, f"/render/jobs/{job}", "render", quiet=True)
    return Cost(time.perf_counter() - began, tree_cpu() - before)


def hand_written(shots: list[Shot], film: Path) -> Cost:
    """What somebody would type: input seeking, one graph, one encode."""
    argv = [str(locate().ffmpeg), "-v", "error", "-nostdin", "-y"]
    graph, pads = "", ""
    for number, shot in enumerate(shots):
        argv += ["-ss", f"{shot.start:f}", "-t", str(SHOT), "-i", shot.video["path"]]
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


def tree_cpu() -> float:
    """CPU seconds of every process below this one, those that they have waited for included."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    used: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(entry)) is not None:
            pid = int(entry.name)
            parents[pid] = int(stat[1])
            used[pid] = sum(int(stat[n]) for n in (11, 12, 13, 14))
    below = {os.getpid()}
    while grown := {pid for pid, parent in parents.items() if parent in below and pid not in below}:
        below |= grown
    below.discard(os.getpid())
    return sum(used[pid] for pid in below) / tick


def _stat(process: Path) -> list[str] | None:
    """The fields of ``/proc/PID/stat`` after the name, from the state on."""
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
