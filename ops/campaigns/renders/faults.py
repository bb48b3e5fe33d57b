"""What is done to the server, its executors, its broker and its disks."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from ops.campaigns.campaign import Run
from ops.campaigns.child import LEASE_S
from ops.campaigns.renders import processes
from ops.campaigns.server import Server

_DISK = "size=48m"
_FULL_S = 1.5
_GONE_S = 10
_AWAITED_S = 2


@dataclass
class Faults:
    """Everything that can be done to one server, by name. ``films`` is where it puts films."""

    run: Run
    server: Server
    films: Path
    has_disks: bool
    _paused: list[threading.Timer] = field(default_factory=list)

    @property
    def all(self) -> dict[str, Callable[[], bool]]:
        """Each answers whether there was something to do it to."""
        possible: dict[str, Callable[[], bool]] = {
            "kills of the server": self._kill_server,
            "kills of executors": self._kill_executor,
            "kills of nats-server": self._kill_nats,
            "kills of ffmpeg": self._kill_ffmpeg,
            "executors paused": self._pause,
            "jetstream folders deleted": self._wipe,
        }
        if self.has_disks:
            possible |= {
                "full disks under the store": lambda: self._fill(self.server.data / "segments"),
                "full disks under the films": lambda: self._fill(self.films),
            }
        return possible

    def damage(self) -> None:
        """Some of what is in the store is cut, changed by a bit, or gone, sidecars among it."""
        files = sorted(path for path in (self.server.data / "segments").glob("??/*") if path.is_file())
        for path in self.run.chance.sample(files, len(files) // 4):
            with suppress(FileNotFoundError):
                self._spoil(path)
                self.run.figures["store files damaged"] += 1

    def settle(self) -> None:
        """Let everything that was paused go on."""
        for timer in self._paused:
            timer.join()

    def _kill_server(self) -> bool:
        self.server.kill()
        deadline = time.monotonic() + _GONE_S
        while (left := processes.of(self.run.folder)) and time.monotonic() < deadline:
            time.sleep(0.02)
        self.run.check(not left, f"the server was killed and these live on: {sorted(left.values())}")
        for pid in left:
            processes.send(pid, signal.SIGKILL)
        self.server.start()
        return True

    def _kill_executor(self) -> bool:
        """One at work, with its FFmpeg stopped, so that one which outlives it is still there when it is looked for."""
        deadline = time.monotonic() + _AWAITED_S
        while time.monotonic() < deadline:
            executors = processes.some(self.run.folder, "executor")
            for pid in processes.some(self.run.folder, "ffmpeg"):
                if (victim := processes.parent(pid)) in executors and processes.send(pid, signal.SIGSTOP):
                    return processes.send(victim, signal.SIGKILL)
        return False

    def _kill_nats(self) -> bool:
        return self._kill_one("nats")

    def _kill_ffmpeg(self) -> bool:
        return self._kill_one("ffmpeg")

    def _kill_one(self, role: processes.Role) -> bool:
        """One that is there within a while: an FFmpeg is gone as soon as it came."""
        deadline = time.monotonic() + _AWAITED_S
        while time.monotonic() < deadline:
            if victims := processes.some(self.run.folder, role):
                return processes.send(self.run.chance.choice(victims), signal.SIGKILL)
        return False

    def _pause(self) -> bool:
        """For longer than its lease: what it goes on with then is another's already."""
        victims = processes.some(self.run.folder, "executor")
        if not victims or not processes.send(victim := self.run.chance.choice(victims), signal.SIGSTOP):
            return False
        seconds = self.run.chance.uniform(0.5, 2) * LEASE_S
        timer = threading.Timer(seconds, processes.send, (victim, signal.SIGCONT))
        timer.start()
        self._paused.append(timer)
        return True

    def _wipe(self) -> bool:
        killed = self._kill_nats()
        shutil.rmtree(self.server.data / "nats" / "store", ignore_errors=True)
        return killed

    def _spoil(self, path: Path) -> None:
        size = path.stat().st_size
        match self.run.chance.choice(["cut", "flip", "flip", "remove"]):
            case "cut":
                os.truncate(path, self.run.chance.randrange(size + 1))
            case "flip" if size:
                with path.open("r+b") as file:
                    file.seek(at := self.run.chance.randrange(size))
                    was = file.read(1)[0]
                    file.seek(at)
                    file.write(bytes([was ^ 1 << self.run.chance.randrange(8)]))
            case _:
                path.unlink()

    def _fill(self, disk: Path) -> bool:
        ballast = disk / ".ballast"
        with suppress(OSError), ballast.open("xb", buffering=0) as file:
            while file.write(bytes(1 << 16)):
                pass
        time.sleep(_FULL_S)
        ballast.unlink()
        return True


def small_disks(*folders: Path) -> bool:
    """Put each of these new folders on a small disk of its own; False, and none, where this user may not."""
    for folder in folders:
        folder.mkdir(parents=True)
        mount = ["mount", "-t", "tmpfs", "-o", _DISK, "tmpfs", str(folder)]
        if subprocess.run(mount, capture_output=True, check=False).returncode:
            return False
    return True


def remove_disks(*folders: Path) -> None:
    """Take them away."""
    for folder in folders:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S607 - as ``mount`` above
