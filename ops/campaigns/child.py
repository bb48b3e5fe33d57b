"""What the campaigns' server process runs: ``stoat serve``, with a planted bug if one is named, listening on standard
input for what should go wrong. Each command is one line and answered by ``done``:

``pages N``  the log may grow by so many pages     ``room N``  its files by so many bytes; more is ENOSPC
``fail_sync``  the next fsync fails                ``clock S``  the clock is S seconds off


Its executors are ``ops.campaigns.executor``, and count as lost sooner than others.
"""

import asyncio
import sys
import threading
import time
from collections.abc import Callable

from adapters.broker import nats_layout
from adapters.cli.serving import run
from adapters.eventstore.database import LogDatabase
from adapters.render import pool
from adapters.settings import load
from ops.campaigns.disk import Disk
from ops.campaigns.plants import plant_from_environment

LEASE_S = 2.0
_opened: list[LogDatabase] = []
_true_time_ns = time.time_ns


def _remember_logs() -> None:
    """Keep hold of what the server opens: the campaigns' way to the connection that writes."""
    opening = LogDatabase.__init__

    def opened(self: LogDatabase, *args: object, **more: object) -> None:
        opening(self, *args, **more)  # type: ignore[arg-type]
        _opened.append(self)

    LogDatabase.__init__ = opened  # type: ignore[method-assign]


def _pages(count: int) -> None:
    limit = _opened[0].write(lambda c: c.pragma("max_page_count", c.pragma("page_count") + count))
    limit.result(20)


def _clock(seconds: int) -> None:
    time.time_ns = lambda: _true_time_ns() + seconds * 10**9
    time.time = lambda: time.time_ns() / 10**9


def _listen(disk: Disk) -> None:
    commands: dict[str, Callable[[int], None]] = {
        "pages": _pages,
        "room": disk.leave_room,
        "fail_sync": lambda _: disk.fail_next("sync"),
        "clock": _clock,
    }
    for line in sys.stdin:
        command, *number = line.split()
        commands[command](int(number[0]) if number else 0)
        print("done", flush=True)


def main() -> None:
    """Serve until a signal."""
    plant_from_environment()
    _remember_logs()
    pool._MODULE = "ops.campaigns.executor"
    nats_layout._LEASE_S = LEASE_S
    disk = Disk()
    threading.Thread(target=_listen, args=(disk,), daemon=True).start()
    asyncio.run(run(load()))


if __name__ == "__main__":
    main()
