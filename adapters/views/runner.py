"""Keeping every view up with the log, in one thread that commits wake. A view in trouble holds up no other."""

import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from adapters.views.keeper import Keeper, ViewStatus
from adapters.views.log import Log
from domain.errors import Refused
from projections.projection import Projection

RETRY_SECONDS = 1.0


class LiveLog(Log, Protocol):
    """A log that tells when it grew."""

    def on_commit(self, callback: Callable[[int], None]) -> None:
        """Call with the last position after every commit."""


class Runner:
    """The views of a directory, kept up from ``start`` to ``stop``."""

    def __init__(self, log: LiveLog, directory: Path, projections: Iterable[Projection]) -> None:
        """Nothing is opened before the start."""
        directory.mkdir(parents=True, exist_ok=True)
        self._keepers = {projection.name: Keeper(log, directory, projection, self._wake) for projection in projections}
        self._moved = threading.Condition()
        self._grown = False
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="views", daemon=True)
        log.on_commit(lambda _position: self._wake())

    def start(self) -> None:
        """Begin to keep up."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch in hand; the views' files are closed then."""
        with self._moved:
            self._stopping = True
            self._moved.notify_all()
        if self._thread.ident is not None:
            self._thread.join()

    def wait_for(self, name: str, position: int, timeout: float) -> bool:
        """Block until a view has taken everything up to a position; False when it has not in ``timeout`` seconds.

        A view that is being rebuilt is not waited for: what it has now is all that it has for a while. Refuses
        ``log_corrupt`` where the log can't be read that far: what the view has would pass for everything there is.
        """
        keeper = self._keepers[name]
        with self._moved:
            self._moved.wait_for(lambda: keeper.position >= position or keeper.rests, timeout)
        if keeper.damage and keeper.position < position:
            raise keeper.damage
        return keeper.position >= position

    @property
    def damage(self) -> Refused | None:
        """What a view found damaged in the log."""
        return next((keeper.damage for keeper in self._keepers.values() if keeper.damage), None)

    def status(self) -> list[ViewStatus]:
        """How every view is doing."""
        return [keeper.status() for keeper in self._keepers.values()]

    def _wake(self) -> None:
        with self._moved:
            self._grown = True
            self._moved.notify_all()

    def _run(self) -> None:
        while not self._stopping:
            self._grown = False
            if not self._tend_all():
                self._sleep()
        for keeper in self._keepers.values():
            keeper.close()

    def _tend_all(self) -> bool:
        """A batch for every view in turn; False when none has more to do."""
        busy = False
        for keeper in self._keepers.values():
            before = (keeper.position, keeper.rebuilding, keeper.damage)
            busy |= keeper.tend()
            if (keeper.position, keeper.rebuilding, keeper.damage) != before:
                with self._moved:
                    self._moved.notify_all()
        return busy

    def _sleep(self) -> None:
        """Until the log grows; where a view is in trouble, until it is time to try again."""
        troubled = any(keeper.error for keeper in self._keepers.values())
        with self._moved:
            self._moved.wait_for(lambda: self._grown or self._stopping, RETRY_SECONDS if troubled else None)
