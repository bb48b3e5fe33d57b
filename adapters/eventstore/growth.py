"""Telling those who follow a log that it has grown."""

import time
from collections.abc import Callable
from threading import Condition, Event

import structlog

_log = structlog.get_logger(__name__)


class Growth:
    """Who waits for a log to grow, and who is told. Any thread may call any of it."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._moved = Condition()
        self._callbacks: list[Callable[[int], None]] = []
        self._listeners: set[Event] = set()

    @property
    def position(self) -> int:
        """The last position that this process knows to be durable."""
        raise NotImplementedError

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after each commit that moved it, in the writer thread: be quick."""
        self._callbacks.append(callback)

    def listen(self, event: Event) -> None:
        """Set an event after each commit that moved the position."""
        self._listeners.add(event)

    def unlisten(self, event: Event) -> None:
        """No longer."""
        self._listeners.discard(event)

    def wait(self, position: int, timeout: float) -> bool:
        """Block until the log reaches a position; False when it did not in ``timeout`` seconds."""
        return self.wait_until(lambda: self.position >= position, timeout)

    def wait_until(self, holds: Callable[[], bool], timeout: float) -> bool:
        """Block until something holds, looking after each commit and each ``stir``."""
        deadline = time.monotonic() + timeout
        with self._moved:
            while not holds():
                remaining = deadline - time.monotonic()
                if remaining <= 0 or not self._moved.wait(remaining):
                    return holds()
        return True

    def stir(self) -> None:
        """Let everyone who waits look again."""
        with self._moved:
            self._moved.notify_all()

    def _committed(self, position: int) -> None:
        self.stir()
        for listener in tuple(self._listeners):
            listener.set()
        for callback in self._callbacks:
            try:
                callback(position)
            except Exception:  # noqa: BLE001 - a follower's defect must not stop the log
                _log.exception("commit_callback_failed", position=position)
