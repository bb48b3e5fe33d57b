"""A projection as somebody would add it: how many facts each actor has made."""

from projections.projection import EachFact, Projection, Record, Rows, select

SCHEMA = "CREATE TABLE actors (actor TEXT PRIMARY KEY, facts INTEGER NOT NULL) STRICT"


def take(rows: Rows, record: Record) -> None:
    """One more for its actor."""
    rows.execute("INSERT INTO actors VALUES (?, 1) ON CONFLICT DO UPDATE SET facts = facts + 1", (record.actor,))


def projection() -> Projection:
    """The projection."""
    dump = {"actors": select("SELECT * FROM actors ORDER BY actor")}
    return Projection("busy", 1, SCHEMA, lambda rows: EachFact(rows, take), dump)
