"""Rebuilding every view from the log: to replace the live ones, or to prove that they are what the log says."""

from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec

from adapters.eventstore.edits import Record
from adapters.views.dump import Difference
from adapters.views.log import Log
from adapters.views.reading import open_reader, view_path
from adapters.views.rebuild import Rebuild
from adapters.views.tables import standing
from adapters.views.view import DAMAGE
from projections.catalogue import projections
from projections.projection import Projection

Progress = Callable[[str, int, int], None]


class Replayed(msgspec.Struct, frozen=True):
    """A projection that was rebuilt from zero up to ``position``; ``parked`` facts could not be digested.

    Of a check, ``difference`` is the first row in which the live view is not what the log says; None: they are equal.
    """

    name: str
    version: int
    position: int
    parked: int
    difference: Difference | None = None


def replay(log: Log, directory: Path, *, check: bool, progress: Progress | None = None) -> list[Replayed]:
    """Rebuild every projection from the log.

    With ``check`` the live views stay as they are and are compared, each at its own position. Otherwise the new rows
    take the place of the live ones, each view in one transaction, while it is read and kept up. ``progress`` is called
    with a projection's name, the position reached and the one to reach.
    """
    tell = progress or _tell_nobody
    if check:
        return [_check(log, directory, projection, tell) for projection in projections()]
    directory.mkdir(parents=True, exist_ok=True)
    return _replace(log, directory, tell)


def _tell_nobody(_name: str, _position: int, _target: int) -> None:
    pass


class _Once:
    """A log of which each part is read once for all who go through it side by side."""

    def __init__(self, log: Log) -> None:
        self.position = log.position
        self._log = log
        self._asked: tuple[int, int] | None = None
        self._found: list[Record] = []

    def read_all(self, after: int, limit: int) -> list[Record]:
        if self._asked != (after, limit):
            self._asked, self._found = (after, limit), self._log.read_all(after, limit)
        return self._found


def _replace(log: Log, directory: Path, tell: Progress) -> list[Replayed]:
    """All of them side by side; each takes its place when all are there."""
    once, target = _Once(log), log.position()
    rebuilds = [Rebuild(projection) for projection in projections()]
    try:
        going = rebuilds
        while going := [rebuild for rebuild in going if rebuild.step(once, upto=target)]:
            for rebuild in going:
                tell(rebuild.view.projection.name, rebuild.position, target)
        for rebuild in rebuilds:
            rebuild.flip(view_path(directory, rebuild.view.projection), log)
        return [_report(rebuild) for rebuild in rebuilds]
    finally:
        for rebuild in rebuilds:
            rebuild.close()


def _check(log: Log, directory: Path, projection: Projection, tell: Progress) -> Replayed:
    try:
        live = open_reader(view_path(directory, projection))
    except apsw.CantOpenError:
        rebuild = _rebuilt(log, projection, None, tell)
        return _report(rebuild, Difference("it was never made, or its file has been removed", None, None))
    try:
        live.execute("BEGIN")  # one state of it, whatever is written meanwhile
        rebuild = _rebuilt(log, projection, standing(live).position, tell)
        return _report(rebuild, rebuild.view.difference_from(live))
    except DAMAGE as error:
        rebuild = _rebuilt(log, projection, None, tell)
        return _report(rebuild, Difference(f"its file is damaged: {error}", None, None))
    finally:
        live.close(True)


def _rebuilt(log: Log, projection: Projection, upto: int | None, tell: Progress) -> Rebuild:
    rebuild = Rebuild(projection)
    target = log.position() if upto is None else upto
    while rebuild.step(log, upto=target):
        tell(projection.name, rebuild.position, target)
    return rebuild


def _report(rebuild: Rebuild, difference: Difference | None = None) -> Replayed:
    view = rebuild.view
    return Replayed(view.projection.name, view.projection.version, rebuild.position, view.count_parked(), difference)
