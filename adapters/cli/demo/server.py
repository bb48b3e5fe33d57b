"""A server of the demo's own, in a child process: API, private NATS, executors."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.cli.failure import Failed
from adapters.cli.output import note


@contextmanager
def running_server(place: Path, footage: Path, *, executors: int) -> Iterator[str]:
    """The URL of a ready server whose log and films live under ``place``; it is stopped on the way out."""
    settings = {
        "STOAT_DATA_DIR": str(place / "data"),
        "STOAT_MEDIA_ROOTS": str(footage),
        "STOAT_OUTPUT_ROOTS": str(place),
        "STOAT_PORT": "0",
        "STOAT_LOG_FORMAT": "json",
    }
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("STOAT_") or k == "STOAT_FFMPEG"}
    journal = place / "server.log"
    note(f"starting a server with its own NATS and {executors} executors (its log: {journal})")
    with journal.open("ab") as stderr:
        child = subprocess.Popen(
            [sys.executable, "-m", "adapters.cli", "serve", "--executors", str(executors)],
            env=inherited | settings,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        try:
            yield _ready(child, journal)
        finally:
            _stop(child)


def _ready(child: subprocess.Popen[str], journal: Path) -> str:
    """The URL that the server prints as its first line once it is ready."""
    assert child.stdout is not None  # noqa: S101  # asked for above
    url = child.stdout.readline().strip()
    if not url:
        tail = "\n  ".join(journal.read_text(errors="replace").splitlines()[-3:])
        raise Failed(f"the server did not start:\n  {tail}", "run `stoat doctor`")
    return url


def _stop(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(timeout=30)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
