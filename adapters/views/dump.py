"""Where two views of one projection say different things: their dumps, side by side."""

from itertools import zip_longest
from typing import Any

import apsw
import msgspec

from projections.projection import Dump, Projection, select

Row = tuple[Any, ...]

# where it stands is part of what it says: the log's chain there proves that both folded the same facts
_OURS: dict[str, Dump] = {
    "standing": select("SELECT projection, version, basis, position, chain FROM standing"),
    "parked": select("SELECT position, stream, version, tag, error FROM parked ORDER BY position"),
}


class Difference(msgspec.Struct, frozen=True):
    """The first place where two views differ: a table and its row on each side, None where there is no such row."""

    where: str
    live: list[Any] | None
    rebuilt: list[Any] | None

    def __str__(self) -> str:
        """For people; where no row differs, the whole view is at fault."""
        if self.live is None and self.rebuilt is None:
            return self.where
        rows = [", ".join(map(str, row)) if row else "no such row" for row in (self.live, self.rebuilt)]
        return f"{self.where} has ({rows[0]}), and by the log it is ({rows[1]})"


def first_difference(live: apsw.Connection, rebuilt: apsw.Connection, projection: Projection) -> Difference | None:
    """Compare two databases of one projection; None where every row is equal."""
    for table, rows in {**_OURS, **projection.dump}.items():
        for here, there in zip_longest(rows(live), rows(rebuilt)):
            if here != there:
                return Difference(table, _plain(here), _plain(there))
    return None


def _plain(row: Row | None) -> list[Any] | None:
    """A row as JSON can say it."""
    return None if row is None else [value.hex() if isinstance(value, bytes) else value for value in row]
