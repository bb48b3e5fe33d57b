"""Following a job until it ends, with a bar on a terminal and a line now and then elsewhere."""

import sys
from typing import Any

from adapters.cli.client import Api, Reply
from adapters.cli.failure import Failed
from adapters.cli.hints import hint
from adapters.cli.output import note

ENDED = ("completed", "failed", "cancelled")


def follow(api: Api, path: str, label: str, *, quiet: bool = False) -> Reply:
    """The job's last state. A job that did not complete ends the command."""
    reply = _watch(api, path, label, quiet)
    job = reply.body
    if job["status"] != "completed":
        problem: dict[str, Any] = job.get("error") or {}
        reason = problem.get("detail") or job["status"]
        code = f" [{problem['code']}]" if problem else ""
        advice = hint(problem["code"], problem["suggestion"]) if problem else ""
        raise Failed(f"{label} {job['status']}: {reason}{code}", advice, problem=problem)
    return reply


def _watch(api: Api, path: str, label: str, quiet: bool) -> Reply:
    if quiet or not sys.stderr.isatty():
        return _in_lines(api, path, label, quiet)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn(label), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.fields[eta]}"))
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(label, total=1000, eta="")
        while True:
            reply = api.get(path, wait_s=1)
            job = reply.body
            bar.update(task, completed=int(job["progress"] * 1000), eta=_eta(job))
            if job["status"] in ENDED:
                return reply


def _in_lines(api: Api, path: str, label: str, quiet: bool) -> Reply:
    said = -1
    while True:
        reply = api.get(path, wait_s=1)
        job = reply.body
        tenth = int(job["progress"] * 10)
        if not quiet and tenth != said:
            note(f"{label}: {int(job['progress'] * 100)}% {_eta(job)}".rstrip())
            said = tenth
        if job["status"] in ENDED:
            return reply


def _eta(job: dict[str, Any]) -> str:
    eta = job.get("eta_seconds")
    return "" if eta is None or job["status"] in ENDED else f"about {eta:.0f} s left"
