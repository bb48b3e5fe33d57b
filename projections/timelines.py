"""Projects as a list, the document of each at its newest version, and which project a clip is in.

The fold's own state lies beside the rows, in the same transaction, so a restart goes on from the view itself. An edit
that the fold refuses, or one that does not continue its project, is not digested: the project's row then stays at its
last good version.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from domain.core import refusing
from domain.timeline.events import (
    ClipAdded,
    ClipChanged,
    ClipRemoved,
    EditRestored,
    EditReverted,
    EffectAdded,
    EffectChanged,
    EffectRemoved,
    EffectsOrdered,
    GlobalEffectAdded,
    GlobalEffectChanged,
    GlobalEffectRemoved,
    GlobalEffectsOrdered,
    OutputSet,
    ProjectCreated,
    ProjectDeleted,
    ProjectRenamed,
    TimelineFact,
    TrackAdded,
    TrackChanged,
    TrackRemoved,
    TracksOrdered,
)
from projections.projection import Batch, Projection, Record, Rows
from rust_core import FOLD_FINGERPRINT, Project

STREAM = "project-"
HELD = 64  # projects kept folded between batches; any other is restored from its row

SCHEMA = """
CREATE TABLE projects (
    project TEXT PRIMARY KEY,
    created_position INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_us INTEGER NOT NULL,
    modified_us INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    clips INTEGER NOT NULL,
    deleted INTEGER NOT NULL
) STRICT;
CREATE TABLE heads (
    project TEXT PRIMARY KEY,
    document BLOB NOT NULL,
    state BLOB NOT NULL
) STRICT;
CREATE TABLE clips (
    clip TEXT NOT NULL,
    project TEXT NOT NULL,
    PRIMARY KEY (clip, project)
) STRICT, WITHOUT ROWID;
CREATE INDEX clips_by_project ON clips (project);
"""

DUMP = {
    "projects": "SELECT * FROM projects ORDER BY project",
    "heads": "SELECT project, document FROM heads ORDER BY project",
    "clips": "SELECT clip, project FROM clips ORDER BY clip, project",
}

_VERSION = "SELECT version FROM projects WHERE project = ?"
_STATE = "SELECT state FROM heads WHERE project = ?"
_PROJECT = """
INSERT INTO projects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, (SELECT count(*) FROM clips WHERE project = ?1), ?9)
ON CONFLICT (project) DO UPDATE
SET name = excluded.name, version = excluded.version, modified_us = excluded.modified_us,
duration = excluded.duration, frames = excluded.frames, clips = excluded.clips, deleted = excluded.deleted
"""
_HEAD = "INSERT OR REPLACE INTO heads (project, document, state) VALUES (?, ?, ?)"

_decoder = msgspec.msgpack.Decoder(TimelineFact)


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


@dataclass(frozen=True)
class Touched:
    """A project in the batch: as it is, as it is shown (a deleted one as it was last), its first and last fact."""

    folded: Project
    shown: Project
    first: Record
    last: Record


class Folding:
    """A batch: projects are folded edit by edit and written once each at its end."""

    def __init__(self, rows: Rows, held: Held) -> None:
        """Nothing is touched yet."""
        self._rows = rows
        self._held = held
        self._touched: dict[str, Touched] = {}

    def apply(self, edit: Sequence[Record]) -> None:
        """Fold an edit of a project; edits of other streams are none of ours."""
        if not edit[0].stream.startswith(STREAM):
            return
        project = edit[0].stream.removeprefix(STREAM)
        before = self._at_hand(project)
        if edit[0].version != before.version + 1:
            raise ValueError(
                f"The view of the project stands at version {before.version}: an edit before was not digested"
            )
        with refusing():
            after = before.apply([record.payload for record in edit])
        if not (before.exists or after.exists):
            raise ValueError("A project can't come and go in one edit")
        for record in edit:
            self._index(project, _decoder.decode(record.payload))
        first = self._touched[project].first if project in self._touched else edit[0]
        self._touched[project] = Touched(after, after if after.exists else before, first, edit[-1])

    def finish(self) -> None:
        """Write every project that was touched: its row, its document and the fold's state."""
        for project, touched in self._touched.items():
            shown, folded = touched.shown, touched.folded
            times = (touched.first.time_us, touched.last.time_us)
            lengths = (shown.duration, shown.frames)
            place = (project, touched.first.position)
            self._rows.execute(_PROJECT, (*place, shown.name, folded.version, *times, *lengths, int(not folded.exists)))
            self._rows.execute(_HEAD, (project, shown.document(), folded.snapshot()))
            self._held.keep(project, folded)

    def _at_hand(self, project: str) -> Project:
        """The project as the batch has it so far."""
        if project in self._touched:
            return self._touched[project].folded
        for (version,) in self._rows.execute(_VERSION, (project,)):
            return self._held.find(project, version) or self._restored(project)
        return Project.empty()

    def _restored(self, project: str) -> Project:
        ((state,),) = self._rows.execute(_STATE, (project,))
        return Project.restore(state)

    def _index(self, project: str, fact: TimelineFact) -> None:
        match fact:
            case ClipAdded(clip=clip):
                self._rows.execute("INSERT INTO clips (clip, project) VALUES (?, ?)", (clip.id, project))
            case ClipRemoved(clip=removed):
                self._rows.execute("DELETE FROM clips WHERE clip = ? AND project = ?", (removed, project))
            case (
                ProjectCreated()
                | ProjectRenamed()
                | ProjectDeleted()
                | OutputSet()
                | TrackAdded()
                | TrackChanged()
                | TrackRemoved()
                | TracksOrdered()
                | ClipChanged()
                | EffectAdded()
                | EffectChanged()
                | EffectRemoved()
                | EffectsOrdered()
                | GlobalEffectAdded()
                | GlobalEffectChanged()
                | GlobalEffectRemoved()
                | GlobalEffectsOrdered()
                | EditReverted()
                | EditRestored()
            ):
                pass  # no clip comes or goes


def projection() -> Projection:
    """The projection, with folded projects of its own."""
    held = Held()

    def begin(rows: Rows) -> Batch:
        return Folding(rows, held)

    return Projection("timelines", 1, SCHEMA, begin, DUMP, basis=FOLD_FINGERPRINT, whole_edits=True)
