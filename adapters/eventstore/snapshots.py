"""Which snapshots are kept: the newest ones, and of the older ones one to a stretch of versions.

A stretch grows by doubling with the stream, so there are never many, and few facts lie between two of them.
"""

from itertools import pairwise
from typing import Any

from adapters.eventstore.session import Session

NEWEST_KEPT = 8
STRETCH = 1_000  # versions; reading and folding that many takes about two milliseconds
MOST_STRETCHES = 128


def keep_snapshot(connection: Session, stream: str, version: int, fingerprint: str, state: bytes) -> None:
    """Store a snapshot, drop those that other fold code made, and thin the old ones."""
    connection.execute("DELETE FROM snapshots WHERE stream = ? AND topic <> ?", (stream, fingerprint))
    connection.execute(
        "INSERT INTO snapshots (stream, version, topic, state) VALUES (?,?,?,?) "
        "ON CONFLICT (stream, version, topic) DO UPDATE SET state = excluded.state",
        (stream, version, fingerprint, state),
    )
    rows: list[Any] = connection.execute(
        "SELECT version FROM snapshots WHERE stream = ? ORDER BY version", (stream,)
    ).fetchall()
    spare = thinned([int(version) for (version,) in rows])
    connection.executemany(
        "DELETE FROM snapshots WHERE stream = ? AND version = ?", [(stream, version) for version in spare]
    )


def thinned(versions: list[int]) -> list[int]:
    """Those of the ascending versions that can go: all but the newest few and the first of each stretch."""
    stretch = STRETCH
    while versions and versions[-1] // stretch >= MOST_STRETCHES:
        stretch *= 2
    old = versions[:-NEWEST_KEPT]
    return [version for before, version in pairwise(old) if before // stretch == version // stretch]
