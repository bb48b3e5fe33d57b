"""A PostgreSQL server of the tests' own: Debian's programs, a folder that goes again, a socket and no port."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest

USER = "stoat"
SOON = 60.0  # seconds; recovery after a kill takes a few


def programs() -> Path | None:
    """Where the newest server's programs are."""
    found = [Path(path).resolve().parent for path in filter(None, [shutil.which("initdb")])]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    return next((path for path in found if (path / "initdb").exists() and (path / "postgres").exists()), None)


class Server:
    """One server with any number of databases, each for one log."""

    def __init__(self, folder: Path, bin_folder: Path, **settings: str) -> None:
        """Make its files; ``start`` runs it."""
        self.folder = folder
        self._bin = bin_folder
        self._settings = settings
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        argv = ["-D", str(folder / "data"), "-U", USER, "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"]
        self._run("initdb", *argv, "--no-sync")

    def start(self) -> None:
        """Run it, and wait until it answers."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), **self._settings}
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_as_somebody(), str(self._bin / "postgres"), "-D", str(self.folder / "data"), *flags],
                stdout=log, stderr=log, cwd="/",
            )  # fmt: skip
        deadline = time.monotonic() + SOON
        while True:
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self.folder / "server.log").read_text()
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """As a crash of the machine's memory: every process of the server at once."""
        assert self._process is not None
        top = self._process.pid
        self._process.send_signal(signal.SIGSTOP)  # so that it starts no more of them meanwhile
        for pid in _children(top):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait(SOON)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{USER}:secret-word@/{database}?host={self.folder}"

    def database(self, like: str = "template1") -> str:
        """The address of a new database: empty, or a copy of the one at an address that nobody is connected to."""
        name, model = f"log{next(self._numbers)}", like.partition("@/")[2].partition("?")[0] or like
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {model}".encode())
        return self.url(name)

    def _run(self, program: str, *arguments: str) -> None:
        argv = [*_as_somebody(), str(self._bin / program), *arguments]
        subprocess.run(argv, check=True, capture_output=True, cwd="/")


@contextmanager
def server(**settings: str) -> Iterator[Server]:
    """A server until the block ends; skips where there is none to run."""
    found = programs()
    if found is None:
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="stoat-pg-"))  # short: a socket's path has 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        folder.chmod(0o755)
        running = Server(folder, found, **settings)
        running.start()
        try:
            yield running
        finally:
            if running._process is not None and running._process.poll() is None:
                running.kill()  # in order, it would write everything to disk once more
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_somebody() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []


def _children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]
