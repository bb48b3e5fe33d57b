"""Looking after one live view: continue it, build it anew where it can't be continued, say how it is doing."""

from pathlib import Path

import msgspec

from adapters.views.log import Log
from adapters.views.reading import view_path
from adapters.views.rebuild import Rebuild
from adapters.views.tables import Parked
from adapters.views.view import DAMAGE, View, drop, open_view
from projections.projection import Projection


class ViewStatus(msgspec.Struct, frozen=True):
    """How a view is doing.

    ``lag`` is how many facts of the log it has not taken yet, ``rebuilt`` up to where a new one has been built while
    the old one is still read, ``error`` what keeps it from going on; it tries again by itself.
    """

    name: str
    version: int
    position: int
    lag: int
    parked: int
    first_parked: Parked | None
    rebuilt: int | None
    error: str | None


class Keeper:
    """One view. ``tend`` and ``close`` are for one thread; ``status`` may be asked by any."""

    def __init__(self, log: Log, directory: Path, projection: Projection) -> None:
        """The file is opened when the view is tended first."""
        self._log = log
        self._path = view_path(directory, projection)
        self._projection = projection
        self._view: View | None = None
        self._inode: int | None = None
        self._rebuild: Rebuild | None = None
        self._status = ViewStatus(projection.name, projection.version, 0, 0, 0, None, None, None)

    def tend(self) -> bool:
        """Take one batch; False where there is nothing to do now, or it can't be done: then the status has an error."""
        try:
            view = self._in_place()
            more = self._build(self._rebuild, view) if self._rebuild else view.advance(self._log)
            self._note(view)
        except Exception as error:  # noqa: BLE001 - told by the status; the other views go on
            self._status = msgspec.structs.replace(self._status, error=f"{type(error).__name__}: {error}")
            if isinstance(error, DAMAGE):
                self._drop()
            return False
        return more

    def status(self) -> ViewStatus:
        """How the view is doing now."""
        status = self._status
        return msgspec.structs.replace(status, lag=max(0, self._log.position() - status.position))

    @property
    def position(self) -> int:
        """Up to where the view has taken the log."""
        return self._status.position

    @property
    def error(self) -> str | None:
        """What keeps it from going on."""
        return self._status.error

    def close(self) -> None:
        """Let go of the file, and of a rebuild that has not ended: it begins again."""
        if self._rebuild:
            self._rebuild.close()
        if self._view:
            self._view.close()
        self._rebuild = self._view = None

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
            self._rebuild = Rebuild(self._projection)
        return view

    def _build(self, rebuild: Rebuild, view: View) -> bool:
        if rebuild.step(self._log):
            return True
        rebuild.flip(view, self._log)
        self._rebuild = None
        return True

    def _drop(self) -> None:
        """Begin with a new file: what the damaged one held is in the log as well."""
        self.close()
        drop(self._path)

    def _note(self, view: View) -> None:
        self._status = ViewStatus(
            name=self._projection.name,
            version=self._projection.version,
            position=view.standing().position,
            lag=0,
            parked=view.count_parked(),
            first_parked=next(iter(view.parked()), None),
            rebuilt=self._rebuild.position if self._rebuild else None,
            error=None,
        )


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None
