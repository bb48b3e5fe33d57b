"""The tables that every view file has beside its projection's: where it stands, and what it could not digest."""

import apsw
import msgspec

from projections.projection import Projection, Record

_TABLES = """
CREATE TABLE standing (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    projection TEXT NOT NULL,
    version INTEGER NOT NULL,
    basis TEXT NOT NULL,
    position INTEGER NOT NULL,
    chain BLOB NOT NULL
) STRICT;
CREATE TABLE parked (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    error TEXT NOT NULL
) STRICT;
"""


class Standing(msgspec.Struct, frozen=True):
    """Which projection filled a file, and up to where. ``chain`` is the log's at that position: it says which log."""

    version: int
    basis: str
    position: int
    chain: bytes


class Parked(msgspec.Struct, frozen=True):
    """A fact that a projection could not digest: its rows are as if it had not happened."""

    position: int
    stream: str
    version: int
    tag: str
    error: str


def create(connection: apsw.Connection, projection: Projection, *, indexed: bool) -> None:
    """Make the tables of an empty file, with their indexes or without; leave any other file as it is."""
    with connection:
        if connection.execute("SELECT 1 FROM sqlite_schema").fetchone():
            return
        connection.execute(_TABLES)
        connection.execute(projection.schema)
        for statement in projection.indexes if indexed else ():
            connection.execute(statement)
        made_by = (projection.name, projection.version, projection.basis)
        connection.execute("INSERT INTO standing VALUES (1, ?, ?, ?, 0, x'')", made_by)


def standing(connection: apsw.Connection) -> Standing:
    """Where the file stands."""
    ((version, basis, position, chain),) = connection.execute("SELECT version, basis, position, chain FROM standing")
    return Standing(version, basis, position, chain)


def stand_at(connection: apsw.Connection, position: int, chain: bytes) -> None:
    """Note that everything up to a position is in the rows, in their transaction."""
    connection.execute("UPDATE standing SET position = ?, chain = ?", (position, chain))


def park(connection: apsw.Connection, record: Record, error: str) -> None:
    """Note that a fact was not digested, and why."""
    row = (record.position, record.stream, record.version, record.tag, error)
    connection.execute("INSERT INTO parked VALUES (?, ?, ?, ?, ?)", row)


def parked(connection: apsw.Connection, limit: int = 100) -> list[Parked]:
    """The first facts that were not digested."""
    rows = connection.execute(
        "SELECT position, stream, version, tag, error FROM parked ORDER BY position LIMIT ?", (limit,)
    )
    return [Parked(*row) for row in rows]


def count_parked(connection: apsw.Connection) -> int:
    """How many facts were not digested."""
    return int(connection.execute("SELECT count(*) FROM parked").get)
