"""Which events a subscriber wants: those of a project, its renders included, and of some types."""

import difflib
from dataclasses import dataclass

from adapters.feed.events import TYPE_PREFIX, Event
from domain.catalogue import FACTS, tag_of
from domain.errors import Refused
from domain.ids import is_id

NAMES = frozenset(tag_of(fact).partition(".")[0] for fact in FACTS)


@dataclass(frozen=True)
class Wanted:
    """A filter. ``types`` are tags, with their version or without; none means all."""

    project: str | None = None
    types: frozenset[str] = frozenset()

    def has(self, event: Event) -> bool:
        """Whether an event passes."""
        if self.project is not None and event.project != self.project:
            return False
        tag = event.tag
        return not self.types or tag in self.types or tag.partition(".")[0] in self.types


EVERYTHING = Wanted()


def wanted(project: str | None, types: list[str]) -> Wanted:
    """A filter as it was asked for; refuses a type that no fact has, since it would wait for ever."""
    if project is not None and not is_id(project):
        raise Refused("invalid_id", "A project's id is 1 to 64 letters, digits, _ and -", "project")
    return Wanted(project, frozenset(_tag(name) for name in types))


def _tag(name: str) -> str:
    """A type's name, or a CloudEvents type, as a tag."""
    tag = name.removeprefix(TYPE_PREFIX)
    plain, _, version = tag.partition(".")
    if plain in NAMES and (version.isdecimal() or tag == plain):
        return tag
    nearest = difflib.get_close_matches(plain, NAMES, n=1, cutoff=0.0)[0]
    raise Refused("invalid_field", f"No event has the type {name[:64]!r}; the nearest is {nearest}", "types")
