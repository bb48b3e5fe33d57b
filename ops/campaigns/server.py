"""The real server in a child process that can be killed, and whose disk and clock can be told to misbehave."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.children import tied_to_us
from adapters.eventstore.reading import LogReader, open_log

FOOTAGE = Path(__file__).resolve().parents[1] / "media"


class Server:
    """A server over ``folder``; started by ``with`` or ``start``, as often as wanted."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        """Not running yet. ``environment`` goes to the process besides the settings."""
        self.data, self._environment = folder / "data", environment or {}
        self._journal = folder / "server.log"
        self._child: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it in order."""
        self.stop()

    @property
    def child(self) -> subprocess.Popen[str]:
        """The process."""
        if self._child is None:
            raise RuntimeError("the server is not running")
        return self._child

    def start(self) -> None:
        """Run until the URL is printed; raises RuntimeError with the end of its log where it is not."""
        settings = {
            "STOAT_DATA_DIR": str(self.data),
            "STOAT_MEDIA_ROOTS": str(FOOTAGE),
            "STOAT_PORT": "0",
            "STOAT_EXECUTORS": "0",
            "STOAT_LOG_LEVEL": "warning",
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("STOAT_") or k == "STOAT_FFMPEG"}
        with self._journal.open("ab") as journal:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "ops.campaigns.child"],
                env=inherited | settings | self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=journal,
                text=True,
                **tied_to_us(),
            )
        self.url = self._line()
        if not self.url.startswith("http"):
            self.kill()
            raise RuntimeError("the server did not start: " + self._journal.read_text(errors="replace")[-2_000:])

    def tell(self, *words: object) -> None:
        """Give the child one of the commands that ``child`` lists, and wait until it has done it."""
        assert self.child.stdin is not None  # noqa: S101  # asked for above
        self.child.stdin.write(" ".join(map(str, words)) + "\n")
        self.child.stdin.flush()
        if (answer := self._line()) != "done":
            raise RuntimeError(f"the server was told {words} and said {answer!r}")

    def kill(self) -> None:
        """SIGKILL."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """SIGTERM, unless it has ended."""
        self._end(signal.SIGTERM)

    def log(self) -> LogReader:
        """The log, to read; the server may be running or not."""
        return open_log(self.data / "log.db")

    def _end(self, how: signal.Signals) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.send_signal(how)
        try:
            child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                stream.close()

    def _line(self) -> str:
        assert self.child.stdout is not None  # noqa: S101  # asked for above
        return self.child.stdout.readline().strip()
