"""A server on a long log: how soon it is ready, and what one edit over HTTP takes on a long project and a short one."""

import json
import time
from pathlib import Path

from adapters.cli.bench.figures import Figure, within
from adapters.cli.bench.grown import LONG, SHORT, SHORT_EDITS, Size
from adapters.cli.client import Api
from adapters.cli.demo import sample_footage
from adapters.cli.demo.server import running_server
from adapters.cli.failure import Failed
from adapters.cli.output import note

STARTS = 5
LONGEST_START = 60  # seconds
EDITS = 300


def measure(place: Path, empty: Path, size: Size) -> list[Figure]:
    """Servers in both places, of which ``place`` has the log."""
    starts = [(_start(empty), _start(place)) for _ in range(STARTS)]
    without, ready = (min(times) for times in zip(*starts, strict=True))
    with running_server(place, sample_footage(), executors=0) as url, Api(url, actor="bench") as api:
        return [
            within(1, "restart to ready", ready, f"{size.facts:,} facts"),
            Figure("restart to ready, to that of an empty log", ready / without, "ratio", f"{STARTS} starts in turns"),
            *_edits(api, size),
            *_undone(api, size),
        ]


def _start(place: Path) -> float:
    """Seconds from starting the program until it says that everything it needs is there."""
    began = time.perf_counter()
    with running_server(place, sample_footage(), executors=0) as url, Api(url, actor="bench") as api:
        while (health := json.loads(api.raw("/health/ready")))["status"] != "ready":
            if time.perf_counter() - began > LONGEST_START:
                raise Failed(f"the server does not become ready: {health}")
            time.sleep(0.01)
        return time.perf_counter() - began


def _edits(api: Api, size: Size) -> list[Figure]:
    """One edit after the other, in turns, so that both projects have the same machine."""
    note(f"{EDITS} edits over HTTP to a project of {size.edits:,} edits, and to one of {SHORT_EDITS:,}")
    times: dict[str, list[float]] = {LONG: [], SHORT: []}
    for number in range(EDITS + 10):
        for project, taken in times.items():
            op = {"op": "update_clip", "clip": f"clip-{number % 200}", "volume": f"0.{number + 100}"}
            began = time.perf_counter()
            api.post(f"/projects/{project}/edits", {"ops": [op]})
            taken.append(time.perf_counter() - began)
    long, short = (sorted(taken[10:]) for taken in times.values())  # the first ones open the projects
    return [_percentile(percent, long, short, size) for percent in (50, 99)]


def _percentile(percent: int, long: list[float], short: list[float], size: Size) -> Figure:
    of = [taken[len(taken) * percent // 100] for taken in (long, short)]
    beside = f"{1000 * of[0]:.2f} ms at {size.edits:,} edits, {1000 * of[1]:.2f} ms at {SHORT_EDITS:,}"
    return Figure(f"an edit over HTTP, p{percent}", of[0] / of[1], "ratio", beside)


def _undone(api: Api, size: Size) -> list[Figure]:
    """The first undo, which reads the history, and the next."""
    first, second = ([_undo(api, project) for project in (LONG, SHORT)] for _ in range(2))
    figures = []
    for what, (long, short) in (("the first undo since the start", first), ("the next undo", second)):
        beside = f"{1000 * long:.2f} ms at {size.edits:,} edits, {1000 * short:.2f} ms at {SHORT_EDITS:,}"
        figures.append(Figure(what, long / short, "ratio", beside))
    return figures


def _undo(api: Api, project: str) -> float:
    began = time.perf_counter()
    api.post(f"/projects/{project}/undo")
    return time.perf_counter() - began
