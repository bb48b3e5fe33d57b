"""Run one program so that it always ends: bounded in time and means, stopped as a group, dead with its parent."""

import asyncio
import ctypes
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_PR_SET_PDEATHSIG = 1
_prctl = ctypes.CDLL(None).prctl
_STDERR_TAIL = 16_384
_running: set[int] = set()  # their process ids
_GRACE_SECONDS = 5
# FFREPORT and the like in our own environment would make FFmpeg write files
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Limits:
    """What a program may use; the kernel ends one that takes more. ``file_bytes`` bounds each file that it writes."""

    cpu_seconds: int
    memory_bytes: int
    file_bytes: int
    open_files: int = 128


@dataclass(frozen=True)
class Outcome:
    """How a program ended. ``exit_code`` is negative where a signal ended it; ``error_text`` is the end of stderr."""

    exit_code: int
    timed_out: bool
    error_text: str
    cpu_seconds: float
    peak_bytes: int

    @property
    def ok(self) -> bool:
        """Whether it ended of itself and was content."""
        return self.exit_code == 0 and not self.timed_out


def running() -> int:
    """How many programs this process has running now."""
    return len(_running)


async def run(
    argv: Sequence[str],
    *,
    timeout: float,  # noqa: ASYNC109 - it has to end the program, not only the wait
    limits: Limits,
    cwd: Path | None = None,
    stdin: bytes = b"",
    on_progress: Callable[[bytes], None] | None = None,
    pass_fds: Sequence[int] = (),
) -> Outcome:
    """Run ``argv`` (no shell) to its end; whatever it prints goes to ``on_progress`` in pieces as it comes.

    After ``timeout`` seconds, when the task is cancelled, and when ``on_progress`` raises, the whole process group gets
    SIGTERM, and SIGKILL five seconds later. OSError where the program can't be started.
    """
    child = _start(argv, limits, cwd, stdin, pass_fds)
    pidfd = os.pidfd_open(child.pid)
    _running.add(child.pid)
    errors = bytearray()

    def keep_the_end(piece: bytes) -> None:
        errors.extend(piece)
        del errors[:-_STDERR_TAIL]

    timed_out = False
    try:
        try:
            async with asyncio.timeout(timeout):
                await _all(_drain(child.stdout, on_progress), _drain(child.stderr, keep_the_end), _ended(pidfd))
        except TimeoutError:
            timed_out = True
        finally:
            status, usage = await asyncio.shield(asyncio.ensure_future(_reap(child, pidfd)))
    finally:
        _running.discard(child.pid)
        os.close(pidfd)
    return Outcome(
        exit_code=os.waitstatus_to_exitcode(status),
        timed_out=timed_out,
        error_text=errors.decode(errors="replace"),
        cpu_seconds=usage.ru_utime + usage.ru_stime,
        peak_bytes=usage.ru_maxrss * 1024,
    )


def _start(
    argv: Sequence[str], limits: Limits, cwd: Path | None, stdin: bytes, pass_fds: Sequence[int]
) -> "subprocess.Popen[bytes]":
    feed = os.memfd_create("stdin")
    try:
        os.write(feed, stdin)
        os.lseek(feed, 0, os.SEEK_SET)
        return subprocess.Popen(
            argv,
            stdin=feed,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=_ENVIRONMENT,
            pass_fds=pass_fds,
            process_group=0,
            preexec_fn=_Prepare(os.getpid(), limits),
        )
    finally:
        os.close(feed)


class _Prepare:
    """What the child does between fork and exec: calls into the kernel only, with everything looked up before."""

    def __init__(self, parent: int, limits: Limits) -> None:
        self.parent = parent
        wanted = (
            (resource.RLIMIT_CPU, limits.cpu_seconds),
            (resource.RLIMIT_AS, limits.memory_bytes),
            (resource.RLIMIT_FSIZE, limits.file_bytes),
            (resource.RLIMIT_NOFILE, limits.open_files),
            (resource.RLIMIT_CORE, 0),
        )
        self.limits = [(which, _at_most(resource.getrlimit(which)[1], value)) for which, value in wanted]

    def __call__(self) -> None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        # a parent that died between the fork and the line above sends no signal any more
        if os.getppid() != self.parent:
            os._exit(1)
        for which, value in self.limits:
            resource.setrlimit(which, (value, value))


def _at_most(bound: int, value: int) -> int:
    return value if bound == resource.RLIM_INFINITY else min(bound, value)


async def _all(*jobs: Coroutine[Any, Any, None]) -> None:
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def _drain(pipe: IO[bytes] | None, take: Callable[[bytes], None] | None) -> None:
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader()
    transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), pipe)
    try:
        while piece := await reader.read(65_536):
            if take:
                take(piece)
    finally:
        transport.close()


async def _ended(pidfd: int) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    loop.add_reader(pidfd, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(pidfd)


async def _reap(child: "subprocess.Popen[bytes]", pidfd: int) -> tuple[int, "resource.struct_rusage"]:
    """Make sure that it ends, and take its account."""
    _signal_group(child.pid, signal.SIGTERM)
    try:
        async with asyncio.timeout(_GRACE_SECONDS):
            await _ended(pidfd)
    except TimeoutError:
        _signal_group(child.pid, signal.SIGKILL)
        await _ended(pidfd)
    # whatever the program itself had started dies with it; the group outlives its leader until it is reaped
    _signal_group(child.pid, signal.SIGKILL)
    _, status, usage = os.wait4(child.pid, 0)  # noqa: ASYNC222 - it has ended, this does not wait
    child.returncode = os.waitstatus_to_exitcode(status)
    return status, usage


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


if sys.platform != "linux":
    raise ImportError("programs are run with Linux's own means (prctl, pidfd); this platform has none")
