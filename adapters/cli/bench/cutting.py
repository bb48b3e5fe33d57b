"""A project of many shots through the real path: laid, edited, rendered, and what that took."""

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters.cli.client import Api
from adapters.cli.demo import sample_footage
from adapters.cli.progress import follow

OUTPUT = {"width": 1280, "height": 720, "fps": 30, "sample_rate": 48_000}


@dataclass(frozen=True)
class Cost:
    """What a piece of work took, in seconds."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Shot:
    """``lasting`` seconds of a file from ``start`` on."""

    video: dict[str, Any]
    start: Decimal
    lasting: int


def choose(api: Api, count: int, lasting: int) -> list[Shot]:
    """So many shots from the two longest videos with sound, in turn, each from another place."""
    job = api.post("/videos/scan", {"path": str(sample_footage()), "recursive": True}).body["job_id"]
    follow(api, f"/jobs/{job}", "scan", quiet=True)
    videos = [v for v in api.get("/videos", limit=200).body["items"] if v["kind"] == "video" and v["audio"]]
    videos.sort(key=lambda v: Decimal(v["duration"]), reverse=True)
    rooms = [Decimal(v["duration"]) - lasting - 1 for v in videos[:2]]
    return [Shot(videos[n % 2], (Decimal("0.37") * n) % rooms[n % 2], lasting) for n in range(count)]


def lay(api: Api, shots: list[Shot]) -> str:
    """The shots one after the other in a project."""
    project: str = api.post("/projects", {"name": "Bench", "output": OUTPUT}).body["id"]
    ops: list[dict[str, Any]] = [{"op": "add_track", "id": "main", "type": "video"}]
    for number, shot in enumerate(shots):
        place = {"op": "add_clip", "id": f"shot-{number}", "track": "main", "at": shot.lasting * number}
        part = {"source": shot.video["id"], "in_point": shot.start, "out_point": shot.start + shot.lasting}
        ops.append(place | part)
    edit(api, project, ops)
    return project


def edit(api: Api, project: str, ops: Sequence[dict[str, Any]]) -> None:
    """One edit of these ops."""
    api.post(f"/projects/{project}/edits", {"ops": ops})


def rendered(api: Api, project: str) -> Cost:
    """A render from request to finished file; CPU is that of the server's whole process tree."""
    before, began = tree_cpu(), time.perf_counter()
    job = api.post("/render/start", {"project_id": project}).body["job_id"]
    follow(api, f"/render/jobs/{job}", "render", quiet=True)
    return Cost(time.perf_counter() - began, tree_cpu() - before)


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
