"""Parts of a project's document: its clips."""

from collections.abc import Iterator
from typing import Any

from adapters.app.pages import Page
from adapters.app.projects import Projects, Seen
from adapters.app.travel import NOW, When
from domain.errors import Refused
from domain.timeline.state import shown


class Timeline:
    """Looks things up in the documents of projects."""

    def __init__(self, projects: Projects) -> None:
        """Over the projects."""
        self._projects = projects

    def clip(self, project: str, clip: str, when: When = NOW) -> tuple[int, dict[str, Any]]:
        """A clip as the document has it, with the project's version."""
        seen = self._projects.see(project, when)
        for found in _clips(seen):
            if found["id"] == clip:
                return seen.version, found
        raise Refused("unknown_clip", f"No clip {shown(clip)} in this project", "clip", [clip[:64]])

    def clips(self, project: str, limit: int, cursor: str | None, when: When = NOW) -> Page[dict[str, Any]]:
        """Every clip, track by track, in time; ``cursor`` is the id of the last one seen."""
        clips = list(_clips(self._projects.see(project, when)))
        start = 0
        if cursor is not None:
            start = next((index + 1 for index, clip in enumerate(clips) if clip["id"] == cursor), -1)
        if start < 0:
            raise Refused("invalid_field", "The cursor's clip is not there any more", "cursor")
        page = clips[start : start + limit]
        return Page(page, page[-1]["id"] if start + limit < len(clips) else None)

    def require_effect(self, project: str, clip: str, effect: str) -> None:
        """Refuse where that clip has no such effect."""
        _, found = self.clip(project, clip)
        if all(own["id"] != effect for own in found["effects"]):
            raise Refused("unknown_effect", f"No effect {shown(effect)} on that clip", "effect", [effect[:64]])


def _clips(seen: Seen) -> Iterator[dict[str, Any]]:
    for track in seen.decoded()["tracks"]:
        yield from track["clips"]
