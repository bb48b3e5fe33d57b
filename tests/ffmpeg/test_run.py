"""A program always ends: of itself, after its time, when nobody waits any more, and when its parent is killed."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.ffmpeg.run import Limits, run

LIMITS = Limits(cpu_seconds=20, memory_bytes=1 << 30, file_bytes=1 << 20)
ROOT = Path(__file__).resolve().parents[2]


def is_alive(pid: int) -> bool:
    """Whether a process runs; a dead one that was not reaped yet counts as dead."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def gone(pid: int) -> bool:
    for _ in range(300):
        if not is_alive(pid):
            return True
        await asyncio.sleep(0.01)
    return False


async def test_what_it_prints_and_how_it_ends_is_told() -> None:
    printed = bytearray()
    outcome = await run(
        ["sh", "-c", "cat; echo trouble >&2; exit 3"],
        timeout=10,
        limits=LIMITS,
        stdin=b"x" * 300_000,
        on_progress=printed.extend,
    )
    assert (outcome.exit_code, outcome.error_text, outcome.ok) == (3, "trouble\n", False)
    assert bytes(printed) == b"x" * 300_000
    assert outcome.peak_bytes > 0


async def test_only_the_end_of_endless_complaints_is_kept() -> None:
    outcome = await run(["sh", "-c", "yes complaint | head -c 3000000 >&2; echo last >&2"], timeout=10, limits=LIMITS)
    assert outcome.error_text.endswith("last\n")
    assert len(outcome.error_text) < 20_000


async def test_its_environment_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFREPORT", "file=leak.log")
    printed = bytearray()
    await run(["env"], timeout=10, limits=LIMITS, on_progress=printed.extend)
    assert b"FFREPORT" not in printed


async def test_a_program_that_can_not_be_started_is_an_error_of_the_system() -> None:
    with pytest.raises(FileNotFoundError):
        await run(["/nowhere/ffmpeg"], timeout=10, limits=LIMITS)


async def test_after_its_time_it_is_ended_with_all_its_children() -> None:
    printed = bytearray()
    started = time.monotonic()
    outcome = await run(
        ["sh", "-c", "sleep 60 & echo $!; wait"], timeout=0.3, limits=LIMITS, on_progress=printed.extend
    )
    assert outcome.timed_out
    assert not outcome.ok
    assert time.monotonic() - started < 3
    assert await gone(int(printed))


async def test_one_that_ignores_the_polite_signal_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.ffmpeg.run._GRACE_SECONDS", 0.2)
    outcome = await run(["sh", "-c", "trap '' TERM; while :; do sleep 0.01; done"], timeout=0.2, limits=LIMITS)
    assert (outcome.exit_code, outcome.timed_out) == (-signal.SIGKILL, True)


async def test_cancelling_the_task_ends_it_before_the_task_is_done() -> None:
    started: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    argv = ["sh", "-c", "echo $$; exec sleep 60"]
    task = asyncio.create_task(run(argv, timeout=60, limits=LIMITS, on_progress=started.set_result))
    pid = int(await started)
    assert is_alive(pid)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_alive(pid)


async def test_a_listener_that_objects_ends_it() -> None:
    def object_to(piece: bytes) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await run(["sh", "-c", "echo hello; exec sleep 60"], timeout=60, limits=LIMITS, on_progress=object_to)


async def test_limits_hold(tmp_path: Path) -> None:
    small = Limits(cpu_seconds=1, memory_bytes=256 << 20, file_bytes=100_000)
    wrote = await run(["sh", "-c", "yes > big"], timeout=20, limits=small, cwd=tmp_path)
    assert not wrote.ok
    assert (tmp_path / "big").stat().st_size <= 100_000
    span = await run(["sh", "-c", "while :; do :; done"], timeout=20, limits=small)
    assert span.exit_code in (-signal.SIGXCPU, -signal.SIGKILL)
    ate = await run([sys.executable, "-c", "bytearray(1 << 30)"], timeout=20, limits=small)
    assert not ate.ok


async def test_no_descriptor_leaks_into_or_out_of_it(tmp_path: Path) -> None:
    with (tmp_path / "ours").open("w") as ours:
        os.set_inheritable(ours.fileno(), True)
        before = open_descriptors()
        printed = bytearray()
        for _ in range(3):
            await run(["sh", "-c", "ls /proc/self/fd | wc -l"], timeout=10, limits=LIMITS, on_progress=printed.extend)
        assert printed.split() == [b"4", b"4", b"4"]
        assert open_descriptors() == before


PARENT = """
import asyncio, sys
from adapters.ffmpeg.run import Limits, run
limits = Limits(cpu_seconds=60, memory_bytes=1 << 30, file_bytes=1 << 20)
tell = lambda piece: print(piece.decode(), end="", flush=True)
asyncio.run(run(["sh", "-c", "echo $$; exec sleep 60"], timeout=60, limits=limits, on_progress=tell))
"""


def a_program_whose_parent_is_killed() -> int:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    with parent.stdout:
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
        parent.wait()
    return child


async def test_killing_the_parent_outright_kills_it() -> None:
    assert await gone(a_program_whose_parent_is_killed())
