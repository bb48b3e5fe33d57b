"""Who did what, when and because of which request: a row for every fact in the log, with what it says in words."""

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.time import to_seconds
from projections.projection import Batch, EachFact, Projection, Record, Rows, select

LONGEST_LIST = 16  # a frame table can have a thousand runs; the log has them all
LONGEST_TEXT = 200
SENTENCE = 400

SCHEMA = """
CREATE TABLE entries (
    position INTEGER PRIMARY KEY,
    stream TEXT NOT NULL,
    version INTEGER NOT NULL,
    tag TEXT NOT NULL,
    actor TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    edit_id TEXT NOT NULL,
    time_us INTEGER NOT NULL,
    summary TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_actor ON entries (actor, position);
CREATE INDEX entries_by_stream ON entries (stream, position);
CREATE INDEX entries_by_tag ON entries (tag, position);
CREATE INDEX entries_by_correlation ON entries (correlation_id, position);
CREATE INDEX entries_by_time ON entries (time_us, position);
"""

DUMP = {"entries": select("SELECT * FROM entries ORDER BY position")}

_INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

# What the numbers of a project's facts mean, by field, for people. The detail keeps the stored integers.
_FLICKS = {"in_point", "out_point", "at", "start", "duration", "fade_in", "fade_out"}
_MILLIONTHS = {"volume", "gain"}


def take(rows: Rows, record: Record) -> None:
    """One fact, one row. ``msgspec.DecodeError`` when the payload is no MessagePack map."""
    said = msgspec.msgpack.decode(record.payload, type=dict[str, Any])
    said.pop("type", None)
    rows.execute(
        _INSERT,
        (
            record.position,
            record.stream,
            record.version,
            record.tag,
            record.actor,
            record.correlation_id,
            record.edit_id,
            record.time_us,
            _sentence(record.tag, said),
            msgspec.json.encode(_shortened(said)).decode(),
        ),
    )


def _sentence(tag: str, said: dict[str, Any]) -> str:
    """``clip changed: clip=intro, at=1.5 s``: the fact's name and every single value in it."""
    name = tag.partition(".")[0].replace("_", " ")
    values = ", ".join(f"{field}={value}" for field, value in _values(said))
    sentence = f"{name}: {values}" if values else name
    return sentence if len(sentence) <= SENTENCE else sentence[: SENTENCE - 1] + "…"


def _values(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Every value that is not a list, the ones inside of others too, as people read it."""
    for field, value in said.items():
        if isinstance(value, dict):
            yield from _values(value)
        elif isinstance(value, int) and not isinstance(value, bool) and field in _FLICKS:
            yield field, f"{to_seconds(value):f} s"
        elif isinstance(value, int) and not isinstance(value, bool) and field in _MILLIONTHS:
            yield field, _decimal(value)
        elif value is not None and not isinstance(value, list):
            yield field, str(value)


def _decimal(millionths: int) -> str:
    whole, part = divmod(abs(millionths), 1_000_000)
    return f"{'-' if millionths < 0 else ''}{whole}.{part:06}".rstrip("0").rstrip(".")


def _shortened(value: Any) -> Any:
    """The value with long lists and texts cut, and what was cut said."""
    if isinstance(value, dict):
        return {field: _shortened(inner) for field, inner in value.items()}
    if isinstance(value, list):
        kept = [_shortened(inner) for inner in value[:LONGEST_LIST]]
        return kept if len(value) <= LONGEST_LIST else [*kept, f"… and {len(value) - LONGEST_LIST} more"]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return value[:LONGEST_TEXT] + f"… and {len(value) - LONGEST_TEXT} characters more"
    return value


def projection() -> Projection:
    """The projection."""

    def begin(rows: Rows) -> Batch:
        return EachFact(rows, take)

    return Projection("audit", 1, SCHEMA, begin, DUMP)
