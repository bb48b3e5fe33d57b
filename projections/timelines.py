"""Projects as a list, with the state of the fold at the newest version of each, and which project a clip is in.

The state lies beside the rows, in the same transaction, so a restart goes on from the view itself. An edit that the
fold refuses, or one that does not continue its project, is not digested: the project's row then stays at its last
good version.
"""

from collections.abc import Sequence

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
    ForkedFrom,
    GlobalEffectAdded,
    GlobalEffectChanged,
    GlobalEffectRemoved,
    GlobalEffectsOrdered,
    MergedFrom,
    OutputSet,
    ProjectCreated,
    ProjectDeleted,
    ProjectRenamed,
    TimelineFact,
    TrackAdded,
    TrackChanged,
    TrackRemoved,
    TracksOrdered,
    TransitionAdded,
    TransitionChanged,
    TransitionRemoved,
)
from projections import states
from projections.projection import Batch, Projection, Record, Rows, select
from rust_core import FOLD_FINGERPRINT, Project

STREAM = "project-"

SCHEMA = (
    states.SCHEMA
    + """
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
CREATE TABLE clips (
    clip TEXT NOT NULL,
    project TEXT NOT NULL,
    PRIMARY KEY (clip, project)
) STRICT, WITHOUT ROWID;
"""
)

_VERSION = "SELECT version FROM projects WHERE project = ?"
_PROJECT = """
INSERT INTO projects VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (project) DO UPDATE
SET name = excluded.name, version = excluded.version, modified_us = excluded.modified_us,
duration = excluded.duration, frames = excluded.frames, clips = clips + excluded.clips, deleted = excluded.deleted
"""

_CLIP_THERE = "INSERT OR IGNORE INTO clips (clip, project) VALUES (?, ?)"
_CLIP_GONE = "DELETE FROM clips WHERE clip = ? AND project = ?"

_decoder = msgspec.msgpack.Decoder(TimelineFact)


class Touched:
    """A project in the batch: as it is, as it is shown (a deleted one as it was last), and what the batch adds.

    ``clips`` says of each clip that came or went whether it is there now, ``grown`` by how many clips the project grew.
    """

    def __init__(self, folded: Project) -> None:
        """Nothing is added yet."""
        self.folded = self.shown = folded
        self.records: list[Record] = []
        self.clips: dict[str, bool] = {}
        self.grown = 0


class Folding:
    """A batch: projects are folded edit by edit and written once each at its end."""

    def __init__(self, rows: Rows, held: states.Held) -> None:
        """Nothing is touched yet."""
        self._rows = rows
        self._held = held
        self._touched: dict[str, Touched] = {}

    def apply(self, edit: Sequence[Record]) -> None:
        """Fold an edit of a project; edits of other streams are none of ours."""
        if not edit[0].stream.startswith(STREAM):
            return
        project = edit[0].stream.removeprefix(STREAM)
        touched = self._touch(project)
        before = touched.folded
        if edit[0].version != before.version + 1:
            raise ValueError(f"The project stands at version {before.version} here: an edit before was not digested")
        facts = [record.fact for record in edit]
        with refusing():
            after = before.apply(facts)
        if not (before.exists or after.exists):
            raise ValueError("A project can't come and go in one edit")
        touched.folded, touched.shown = after, after if after.exists else before
        touched.records += edit
        for fact in facts:
            _note(touched, _decoder.decode(fact))

    def finish(self) -> None:
        """Write every project that was touched: its row, and the fold's state."""
        for project, touched in self._touched.items():
            shown, folded = touched.shown, touched.folded
            first, last = touched.records[0], touched.records[-1]
            said = (first.time_us, last.time_us, shown.duration, shown.frames, touched.grown, int(not folded.exists))
            self._rows.execute(_PROJECT, (project, first.position, shown.name, folded.version, *said))
            came = [(clip, project) for clip, there in touched.clips.items() if there]
            went = [(clip, project) for clip, there in touched.clips.items() if not there]
            self._rows.executemany(_CLIP_GONE, went)
            self._rows.executemany(_CLIP_THERE, came)
            states.keep(self._rows, project, folded, touched.records)
            self._held.keep(project, folded)

    def _touch(self, project: str) -> Touched:
        """The project as the batch has it so far."""
        if project not in self._touched:
            self._touched[project] = Touched(self._at_hand(project))
        return self._touched[project]

    def _at_hand(self, project: str) -> Project:
        for (version,) in self._rows.execute(_VERSION, (project,)):
            return self._held.find(project, version) or states.restored(self._rows, project)
        return Project.empty()


def _note(touched: Touched, fact: TimelineFact) -> None:
    """Which clips came and went."""
    match fact:
        case (
            ClipChanged()  # by far the most
            | ProjectCreated()
            | ProjectRenamed()
            | ProjectDeleted()
            | OutputSet()
            | TrackAdded()
            | TrackChanged()
            | TrackRemoved()
            | TracksOrdered()
            | EffectAdded()
            | EffectChanged()
            | EffectRemoved()
            | EffectsOrdered()
            | TransitionAdded()
            | TransitionChanged()
            | TransitionRemoved()
            | GlobalEffectAdded()
            | GlobalEffectChanged()
            | GlobalEffectRemoved()
            | GlobalEffectsOrdered()
            | EditReverted()
            | EditRestored()
            | ForkedFrom()
            | MergedFrom()
        ):
            pass
        case ClipAdded(clip=clip):
            touched.clips[clip.id] = True
            touched.grown += 1
        case ClipRemoved(clip=removed):
            touched.clips[removed] = False
            touched.grown -= 1


DUMP = {
    "projects": select("SELECT * FROM projects ORDER BY project"),
    "clips": select("SELECT clip, project FROM clips ORDER BY clip, project"),
    "documents": states.documents,
}


def projection() -> Projection:
    """The projection, with folded projects of its own."""
    held = states.Held()

    def begin(rows: Rows) -> Batch:
        return Folding(rows, held)

    return Projection("timelines", 1, SCHEMA, begin, DUMP, basis=FOLD_FINGERPRINT, whole_edits=True)
