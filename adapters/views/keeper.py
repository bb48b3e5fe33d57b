"""Looking after one live view: continue it, build it anew where it can't be continued, say how it is doing."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from adapters.views.log import Log
from adapters.views.reading import view_path
from adapters.views.rebuild import Rebuilding
from adapters.views.tables import Parked
from adapters.views.view import DAMAGE, View, drop, open_view
from domain.errors import Refused
from projections.projection import Projection


class ViewStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How a view is doing.

    ``lag`` is how many facts of the log it has not taken yet. While it is ``rebuilding``, that is up to where the new
    rows have come, and the old ones are read where ``served`` is true: rows of another shape are not. ``parked`` counts
    the facts that it could not digest, ``first_parked`` are the first hundred. ``error`` is what keeps it from going
    on; it tries again by itself.
    """

    name: str
    version: int
    position: int = 0
    lag: int = 0
    served: bool = False
    rebuilding: int | None = None
    parked: int = 0
    first_parked: list[Parked] = []
    error: str | None = None


class Keeper:
    """One view. ``tend`` and ``close`` are for one thread; what is read may be read by any."""

    def __init__(self, log: Log, directory: Path, projection: Projection, wake: Callable[[], None]) -> None:
        """The file is opened when the view is tended first. ``wake`` asks to be tended, from any thread."""
        self._log = log
        self._path = view_path(directory, projection)
        self._projection = projection
        self._wake = wake
        self._view: View | None = None
        self._inode: int | None = None
        self._rebuild: Rebuilding | None = None
        self._failed: str | None = None  # what went wrong with the last rebuild, until one ends well
        self._status = ViewStatus(name=projection.name, version=projection.version)
        self.damage: Refused | None = None  # of the log, which keeps the view where it is

    def tend(self) -> bool:
        """Take one batch; False where there is nothing to do now, or it can't be done: then the status has an error."""
        try:
            self._settle()
            view = self._in_place()
            more = not self._rebuild and view.advance(self._log)
            self._note(view)
        except Exception as error:  # noqa: BLE001 - told by the status; the other views go on
            self._status = msgspec.structs.replace(self._status, error=f"{type(error).__name__}: {error}")
            self.damage = error if isinstance(error, Refused) and error.code == "log_corrupt" else None
            if isinstance(error, DAMAGE):
                self._drop()
            return False
        return more

    def status(self) -> ViewStatus:
        """How the view is doing now."""
        status, rebuild = self._status, self._rebuild
        lag = max(0, self._log.position() - status.position)
        return msgspec.structs.replace(status, lag=lag, rebuilding=rebuild.position if rebuild else None)

    @property
    def position(self) -> int:
        """Up to where the view has taken the log."""
        return self._status.position

    @property
    def rebuilding(self) -> bool:
        """Whether it is built anew: until that is done it does not move."""
        return self._rebuild is not None

    @property
    def rests(self) -> bool:
        """Whether waiting for it to move is of no use for now."""
        return self.rebuilding or self.damage is not None

    @property
    def error(self) -> str | None:
        """What keeps it from going on."""
        return self._status.error

    def close(self) -> None:
        """Let go of the file, and of a rebuild that has not ended: it begins again."""
        if self._rebuild:
            self._rebuild.stop()
        if self._view:
            self._view.close()
        self._rebuild = self._view = None

    def _settle(self) -> None:
        """A rebuild that is over is the view from here on, or what went wrong with it is raised."""
        if self._rebuild and self._rebuild.over:
            error = self._rebuild.error
            self.close()
            self._failed = f"{type(error).__name__}: {error}" if error else None
            if error:
                raise error

    def _in_place(self) -> View:
        """The view in the file of its name, opened again where somebody has removed that file."""
        if self._view and self._inode != _inode(self._path):
            self.close()
        if not self._view:
            self._view = self._opened()
            self._inode = _inode(self._path)
        return self._view

    def _opened(self) -> View:
        """The view as it lies on disk; a rebuild begins where other code made it, or it is of another log."""
        view = open_view(self._path, self._projection)
        if not view.is_current() or not view.follows(self._log):
            self._rebuild = Rebuilding(self._log, self._path, self._projection, self._wake)
        return view

    def _drop(self) -> None:
        """Begin with a new file: what the damaged one held is in the log as well."""
        self.close()
        drop(self._path)

    def _note(self, view: View) -> None:
        at = view.standing()
        if not self._rebuild:
            self.damage = None
        self._status = ViewStatus(
            name=self._projection.name,
            version=self._projection.version,
            position=at.position,
            served=at.version == self._projection.version,
            parked=view.count_parked(),
            first_parked=view.parked(),
            error=self._failed if self._rebuild else None,
        )


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None
