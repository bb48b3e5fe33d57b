"""Real ``stoat serve`` processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2


@dataclass
class Served:
    """A server in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    errors: Path
    log: str
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=90))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx2.Response:
        """A request, with underscores in header names for their hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, f"{self.url}/api/v1{path}", json=body, headers=named)

    def get(self, path: str) -> Any:
        """The answer to a GET that succeeds."""
        response = self.call("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def edit(self, project: str, *ops: dict[str, Any], **fields: Any) -> httpx2.Response:
        """A batch of ops."""
        return self.call("POST", f"/projects/{project}/edits", {"ops": list(ops), **fields})


@contextmanager
def served(data: Path, **settings: str) -> Iterator[Served]:
    """A server on a free port until the block ends; ended in order unless it has gone by then."""
    data.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STOAT_")}
    environment |= {"STOAT_DATA_DIR": str(data), "STOAT_PORT": "0", "STOAT_EXECUTORS": "0", **settings}
    errors = data / "server.err"
    argv = [sys.executable, "-m", "adapters.cli", "serve"]
    with errors.open("w") as told:
        process = subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, stderr=told, text=True)
    assert process.stdout is not None
    try:
        url = process.stdout.readline().strip()
        assert url, errors.read_text()
        yield Served(process, url, errors, settings.get("STOAT_LOG", ""))
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(60)
        process.stdout.close()
