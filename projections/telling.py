"""A fact for people: a sentence with every value in it, and its JSON with what is very long cut."""

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.time import to_seconds

LONGEST_LIST = 16  # a frame table can have a thousand runs; the log has them all
LONGEST_TEXT = 200
SENTENCE = 400

# What the numbers of a project's facts mean, by field. The detail keeps the stored integers.
_FLICKS = {"in_point", "out_point", "at", "start", "duration", "fade_in", "fade_out"}
_MILLIONTHS = {"volume", "gain"}


def told(tag: str, payload: bytes) -> tuple[str, bytes]:
    """A stored fact as a sentence and as JSON. One that is damaged is told as that: it is in the log all the same."""
    try:
        said = msgspec.msgpack.decode(payload, type=dict[str, Any])
        said.pop("type", None)
        return sentence(tag, said), msgspec.json.encode(_shortened(said))
    except (msgspec.MsgspecError, ValueError, TypeError, RecursionError) as error:
        return f"{_name(tag)}: can't be read ({error})", b"{}"


def sentence(tag: str, said: dict[str, Any]) -> str:
    """``clip changed: clip=intro, at=1.5 s``: the fact's name and every single value in it."""
    name = _name(tag)
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


def _name(tag: str) -> str:
    return tag.partition(".")[0].replace("_", " ")
