"""Asking the views. Every answer is one state of one view.

Lists of projects and videos are in the order in which they came up, audit and jobs have the newest first; in all of
them a row keeps its place, so pages fit together whatever happens in between.
"""

from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from adapters.views.answers import AuditEntry, AuditFilter, Job, ProjectEntry, audit_entry, job, project_entry
from adapters.views.matching import match
from adapters.views.paging import Hit, Page, Place, after, checked_limit, page
from adapters.views.reading import Reader
from domain.errors import Refused
from projections.catalogue import projections
from projections.video import Video

FIRST, LAST = Place(0), Place(2**62)
BEST = Hit(float("-inf"), 0)

Rows = list[tuple[Any, ...]]

_PROJECTS = """
SELECT created_position, project, name, version, created_us, modified_us, duration, frames, clips FROM projects
"""
_CLIP = "SELECT project FROM clips JOIN projects USING (project) WHERE clip = ? AND NOT deleted LIMIT 2"
_SEARCH = """
SELECT hit.rank, found_position, video FROM (SELECT rowid, rank FROM words WHERE words MATCH ?) AS hit
JOIN media ON found_position = hit.rowid WHERE (hit.rank, hit.rowid) > (?, ?) ORDER BY hit.rank, hit.rowid LIMIT ?
"""
_ENTRIES = """
SELECT position, stream, version, tag, actor, correlation_id, edit_id, time_us, payload FROM entries
"""
_JOBS = """
SELECT requested_position, j.job, project, version, preset, status, output_path, plan_hash, frames, manifest_path,
sha256, size, error_code, error_detail, created_us, started_us, completed_us, count(unit), total(reused), total(done),
total(weight), total(weight * done)
FROM (SELECT * FROM jobs WHERE requested_position < ? ORDER BY requested_position DESC LIMIT ?) AS j
LEFT JOIN units ON units.job = j.job
GROUP BY requested_position ORDER BY requested_position DESC
"""

_video = msgspec.json.Decoder(Video)


class Queries:
    """The views of a directory. Any thread may ask; nothing is kept between two questions."""

    def __init__(self, directory: Path) -> None:
        """The views may still be made later; until then they refuse with ``view_unavailable``."""
        self._views = {projection.name: Reader(directory, projection) for projection in projections()}

    def projects(self, limit: int, cursor: str | None = None) -> Page[ProjectEntry]:
        """Projects that are not deleted, oldest first."""
        start = after("projects", cursor, Place, FIRST)
        sql = _PROJECTS + "WHERE created_position > ? AND NOT deleted ORDER BY created_position LIMIT ?"
        rows, position = self._ask("timelines", sql, start.position, checked_limit(limit) + 1)
        return page("projects", [(Place(row[0]), project_entry(row[1:])) for row in rows], limit, position)

    def project_of_clip(self, clip: str) -> str:
        """The id of the one project that has a clip of this id."""
        rows, _ = self._ask("timelines", _CLIP, clip)
        if not rows:
            raise _unknown("unknown_clip", "clip", clip)
        if len(rows) > 1:
            raise Refused("ambiguous_id", f"More than one project has a clip {clip[:64]}", ids=[clip[:64]])
        return str(rows[0][0])

    def videos(self, limit: int, cursor: str | None = None) -> Page[Video]:
        """What is in the library, vanished files and unreadable ones too, in the order in which it was found."""
        start = after("videos", cursor, Place, FIRST)
        sql = """SELECT found_position, video FROM media WHERE found_position > ? AND status != 'removed'
        ORDER BY found_position LIMIT ?"""
        rows, position = self._ask("library", sql, start.position, checked_limit(limit) + 1)
        return page("videos", [(Place(found), _video.decode(text)) for found, text in rows], limit, position)

    def video(self, media: str) -> Video:
        """One entry of the library."""
        rows, _ = self._ask("library", "SELECT video FROM media WHERE media = ? AND status != 'removed'", media)
        if not rows:
            raise _unknown("unknown_media", "file", media)
        return _video.decode(rows[0][0])

    def search(self, typed: str, limit: int, cursor: str | None = None) -> Page[Video]:
        """Entries in which every word occurs, best first; no text of a query has a special meaning."""
        query = match(typed)
        listing = "search " + blake2b(query.encode(), digest_size=8).hexdigest()
        start = after(listing, cursor, Hit, BEST)
        rows, position = self._ask("library", _SEARCH, query, start.rank, start.position, checked_limit(limit) + 1)
        hits = [(Hit(rank, found), _video.decode(text)) for rank, found, text in rows]
        return page(listing, hits, limit, position)

    def audit(self, wanted: AuditFilter, limit: int, cursor: str | None = None) -> Page[AuditEntry]:
        """Facts that fit, newest first."""
        start = after("audit", cursor, Place, LAST)
        conditions, values = _conditions(wanted)
        sql = f"{_ENTRIES} WHERE {conditions} position < ? ORDER BY position DESC LIMIT ?"
        rows, position = self._ask("audit", sql, *values, start.position, checked_limit(limit) + 1)
        return page("audit", [(Place(row[0]), audit_entry(row)) for row in rows], limit, position)

    def jobs(self, limit: int, cursor: str | None = None) -> Page[Job]:
        """Renders, newest first."""
        start = after("jobs", cursor, Place, LAST)
        rows, position = self._ask("renders", _JOBS, start.position, checked_limit(limit) + 1)
        return page("jobs", [(Place(row[0]), job(row[1:])) for row in rows], limit, position)

    def _ask(self, view: str, sql: str, *values: Any) -> tuple[Rows, int]:
        """The rows, and the log position of the state that they are of."""
        with self._views[view].moment() as (connection, position):
            try:
                return connection.execute(sql, values).fetchall(), position
            except (OverflowError, UnicodeEncodeError) as error:
                raise Refused("invalid_field", f"A value can't be asked for: {error}") from None


def _conditions(wanted: AuditFilter) -> tuple[str, list[Any]]:
    """The filter as SQL, each condition followed by AND."""
    kind = wanted.type
    tags = ("tag = ?", [kind]) if kind and "." in kind else ("tag >= ? || '.' AND tag < ? || '/'", [kind, kind])
    chosen = [
        (wanted.actor, "actor = ?", [wanted.actor]),
        (wanted.stream, "stream = ?", [wanted.stream]),
        (kind, *tags),  # '/' is the character after '.', so these are the versions of one tag
        (wanted.correlation_id, "correlation_id = ?", [wanted.correlation_id]),
        (wanted.edit_id, "edit_id = ?", [wanted.edit_id]),
        (wanted.since_us, "time_us >= ?", [wanted.since_us]),
        (wanted.until_us, "time_us < ?", [wanted.until_us]),
    ]
    given = [(sql, values) for value, sql, values in chosen if value is not None]
    return "".join(f"{sql} AND " for sql, _ in given), [value for _, values in given for value in values]


def _unknown(code: str, kind: str, name: str) -> Refused:
    return Refused(code, f"No {kind} has the id {name[:64]!r}", ids=[name[:64]])
