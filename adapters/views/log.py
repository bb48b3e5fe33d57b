"""What views need of the log, and its facts in whole edits."""

from itertools import groupby
from typing import Protocol

from adapters.eventstore.edits import Record

BATCH = 500

WholeEdit = list[Record]


class Log(Protocol):
    """The log as a view reads it."""

    def read_all(self, after: int, limit: int) -> list[Record]:
        """Facts after a position, in order, as one state of the log."""

    def position(self) -> int:
        """The last position; 0 of an empty log."""


def whole_edits(log: Log, after: int, limit: int = BATCH) -> list[WholeEdit]:
    """The next edits, about ``limit`` facts of them: never part of an edit, and at least one if there is one.

    An edit's facts lie side by side and were committed together, so an edit goes on beyond what was read only where the
    read was cut short by its limit.
    """
    records = log.read_all(after, limit)
    edits = _grouped(records)
    if len(records) < limit:
        return edits
    if len(edits) > 1:
        return edits[:-1]
    return [_continued(log, records, limit)]


def _continued(log: Log, begun: WholeEdit, limit: int) -> WholeEdit:
    """An edit longer than a batch, to its end."""
    edit = list(begun)
    while True:
        records = log.read_all(edit[-1].position, limit)
        edit += [record for record in records if record.edit_id == edit[0].edit_id]
        if len(records) < limit or records[-1].edit_id != edit[0].edit_id:
            return edit


def _grouped(records: list[Record]) -> list[WholeEdit]:
    return [list(edit) for _, edit in groupby(records, key=lambda record: record.edit_id)]
