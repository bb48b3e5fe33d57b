"""A view built anew beside the live one, then put in its place in one transaction."""

import threading
from collections.abc import Callable
from pathlib import Path

from adapters.views.log import BATCH, Log
from adapters.views.view import open_view, private_view
from projections.projection import Projection


class Rebuild:
    """A projection folded from the log's first fact, in a temporary file of its own."""

    def __init__(self, projection: Projection) -> None:
        """Begin with nothing."""
        self.view = private_view(projection)
        self._indexes = list(projection.indexes)

    @property
    def position(self) -> int:
        """Up to where it has come."""
        return self.view.standing().position

    def step(self, log: Log, limit: int = BATCH, upto: int | None = None) -> bool:
        """Take the next batch, or where there is none, make an index; False when there is nothing left to do."""
        if self.view.advance(log, limit, upto):
            return True
        if not self._indexes:
            return False
        self.view.index(self._indexes.pop(0))
        return True

    def flip(self, path: Path, log: Log) -> None:
        """Become what readers of the view's file see, and what is kept up from here on; never behind what they saw."""
        live = open_view(path, self.view.projection)
        try:
            live.replace_with(self.view, log)
        finally:
            live.close()

    def close(self) -> None:
        """Let go; the temporary file is gone."""
        self.view.close()


class Rebuilding:
    """A rebuild in a thread of its own: other views are kept up meanwhile, and this one's old rows are read."""

    def __init__(self, log: Log, path: Path, projection: Projection, ended: Callable[[], None]) -> None:
        """Begin. ``ended`` is called in that thread when it is over, however it ended."""
        self.position = 0
        self.over = False
        self.error: Exception | None = None
        self._stopping = False
        self._thread = threading.Thread(
            target=self._run, args=(log, path, projection, ended), name=f"rebuild-{projection.name}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Give it up after the batch in hand."""
        self._stopping = True
        self._thread.join()

    def _run(self, log: Log, path: Path, projection: Projection, ended: Callable[[], None]) -> None:
        rebuild = Rebuild(projection)
        try:
            while not self._stopping and rebuild.step(log):
                self.position = rebuild.position
            if not self._stopping:
                rebuild.flip(path, log)
        except Exception as error:  # noqa: BLE001 - told by the status; it is tried again
            self.error = error
        finally:
            rebuild.close()
            self.over = True
            ended()
