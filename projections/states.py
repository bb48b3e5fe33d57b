"""The fold's state of each project, kept in a view: a snapshot and the facts after it.

So an edit of a long timeline writes what it changed, and a restart folds a tail and no more.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence

from domain.core import refusing
from domain.errors import Refused
from projections.projection import Record, Rows
from rust_core import Project

LONGEST_TAIL = 500
HELD = 256  # projects kept folded between batches; any other is restored from its rows

SCHEMA = """
CREATE TABLE snapshots (
    project TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE TABLE tails (
    project TEXT NOT NULL,
    version INTEGER NOT NULL,
    payload BLOB NOT NULL,
    PRIMARY KEY (project, version)
) STRICT, WITHOUT ROWID;
"""

_AT = "SELECT version FROM snapshots WHERE project = ?"
_SNAPSHOT = "SELECT state FROM snapshots WHERE project = ?"
_TAIL = "SELECT payload FROM tails WHERE project = ? ORDER BY version"


class Held:
    """Folded projects that were used last. They never change, so one of the right version is the right one."""

    def __init__(self, limit: int = HELD) -> None:
        """Keep at most ``limit``."""
        self._limit = limit
        self._projects: OrderedDict[str, Project] = OrderedDict()

    def find(self, project: str, version: int) -> Project | None:
        """The project at exactly that version, if it is at hand."""
        held = self._projects.get(project)
        return held if held is not None and held.version == version else None

    def keep(self, project: str, folded: Project) -> None:
        """Keep it, and forget the one that was not used for longest."""
        self._projects[project] = folded
        self._projects.move_to_end(project)
        if len(self._projects) > self._limit:
            self._projects.popitem(last=False)


def keep(rows: Rows, project: str, folded: Project, added: Sequence[Record]) -> None:
    """Add the facts to the snapshot's tail, or where that gets long, make a new one."""
    snapshots = list(rows.execute(_AT, (project,)))
    if snapshots and folded.version - snapshots[0][0] < LONGEST_TAIL:
        tail = [(project, record.version, record.fact) for record in added]
        rows.executemany("INSERT INTO tails VALUES (?, ?, ?)", tail)
    else:
        made = (project, folded.version, folded.snapshot())
        rows.execute("INSERT OR REPLACE INTO snapshots VALUES (?, ?, ?)", made)
        rows.execute("DELETE FROM tails WHERE project = ?", (project,))


def restored(rows: Rows, project: str) -> Project:
    """The project at its newest version, from its snapshot and the facts after it."""
    ((state,),) = rows.execute(_SNAPSHOT, (project,))
    with refusing():
        return Project.restore(state).apply([payload for (payload,) in rows.execute(_TAIL, (project,))])


def documents(rows: Rows) -> Iterator[tuple[str, bytes]]:
    """Every project's document, as the state kept for it gives it."""
    for (project,) in list(rows.execute("SELECT project FROM projects WHERE NOT deleted ORDER BY project")):
        try:
            yield project, restored(rows, project).document()
        except (Refused, ValueError) as error:
            yield project, str(error).encode()
