"""Child processes that don't outlive this one, whatever ends it."""

import ctypes
import os
import signal
from collections.abc import Callable
from typing import TypedDict

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: a forked child must not import


class Tie(TypedDict):
    """Arguments for ``subprocess.Popen`` and its kin."""

    preexec_fn: Callable[[], None]
    start_new_session: bool


def tied_to_us() -> Tie:
    """A process group of its own, so that a Ctrl-C is ours to pass on, and SIGKILL when the thread that starts it ends.

    So start such a child from a thread that lives as long as the child should; the event loop's is one.
    """
    parent = os.getpid()

    def tie() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died before the tie held
            os._exit(1)

    return {"preexec_fn": tie, "start_new_session": True}
