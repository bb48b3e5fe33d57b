"""What the log's statements need of a store's connection, whichever store it is."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol


class Rows(Protocol):
    """The outcome of a statement."""

    def fetchone(self) -> Any:
        """The next row, or None."""

    def fetchall(self) -> list[Any]:
        """The rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows, one by one."""


class Session(Protocol):
    """A connection, for one thread at a time. Statements are standard SQL with question marks."""

    def execute(self, statement: str, bindings: Sequence[Any] = ..., /) -> Rows:
        """Do one statement."""

    def executemany(self, statement: str, bindings: Iterable[Sequence[Any]], /) -> Any:
        """Do it once with each of the bindings."""


class Sessions(Protocol):
    """Connections to read with. Any thread may use them."""

    def connection(self) -> AbstractContextManager[Session]:
        """A connection to oneself. The store's errors come out as refusals."""

    def close(self) -> None:
        """Give them up."""


class Taken(Exception):
    """A row with that key is there already, or its place is not free."""
