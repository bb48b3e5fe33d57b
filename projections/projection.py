"""What a projection is: tables, and how a whole edit of the log changes them. No clock, no files, nothing random."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


class Rows(Protocol):
    """The projection's own tables, inside a transaction."""

    def execute(self, sql: str, values: Sequence[Any] = ()) -> Iterable[tuple[Any, ...]]:
        """Run one statement; its rows."""

    def executemany(self, sql: str, values: Iterable[Sequence[Any]]) -> object:
        """Run one statement once for each of the values."""


class Record(Protocol):
    """A fact in the log. ``time_us`` is UTC in microseconds."""

    @property
    def position(self) -> int:
        """Its place in the log, from 1."""

    @property
    def stream(self) -> str:
        """``project-…``, ``media-…`` or ``render-…``."""

    @property
    def version(self) -> int:
        """Its place in its stream, from 1."""

    @property
    def tag(self) -> str:
        """What it says, with the version of the shape in which it was stored: ``clip_added.1``."""

    @property
    def payload(self) -> bytes:
        """The fact as it was stored, MessagePack: to show it."""

    @property
    def fact(self) -> bytes:
        """The fact in its newest shape, MessagePack: to go by it."""

    @property
    def edit_id(self) -> str:
        """The edit that it is part of."""

    @property
    def actor(self) -> str:
        """Who asked for it."""

    @property
    def correlation_id(self) -> str:
        """The request that it followed from."""

    @property
    def time_us(self) -> int:
        """When it was accepted."""


class Batch(Protocol):
    """Edits on their way into a projection's tables, in one transaction."""

    def apply(self, edit: Sequence[Record]) -> None:
        """Take an edit, or a single fact where those stand alone. Whatever it raises means: not digestible."""

    def finish(self) -> None:
        """Write what was held back; the last call."""


Dump = Callable[[Rows], Iterable[tuple[Any, ...]]]


def select(query: str) -> Dump:
    """What a query finds."""
    return lambda rows: rows.execute(query)


@dataclass(frozen=True)
class Projection:
    """A read shape of the log.

    ``version`` changes with ``schema``, ``indexes`` or what ``begin`` writes; ``basis`` names what else the rows depend
    on. Either change means a rebuild, which runs the statements of ``indexes`` last: that is quicker. ``dump`` is all
    that the rows say, in an order that only their content decides: two files that folded the same log give the same,
    however it came to them. ``whole_edits``: an edit is digested as a whole or not at all; otherwise each fact of it
    stands alone.
    """

    name: str
    version: int
    schema: str
    begin: Callable[[Rows], Batch]
    dump: Mapping[str, Dump]
    indexes: tuple[str, ...] = ()
    basis: str = ""
    whole_edits: bool = False


@dataclass(frozen=True)
class EachFact:
    """A batch for projections that take facts one by one and hold nothing back."""

    rows: Rows
    take: Callable[[Rows, Record], None]

    def apply(self, edit: Sequence[Record]) -> None:
        """Fact after fact."""
        for record in edit:
            self.take(self.rows, record)

    def finish(self) -> None:
        """Everything is written already."""
