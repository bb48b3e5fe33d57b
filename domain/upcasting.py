"""Facts stored in an older shape, read in today's: step after step along a chain that is checked at the start."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.errors import Refused

_BROKEN = (msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True)
class Upcaster:
    """From the shape of one tag to the next one, ``to``.

    ``change`` takes a fact's fields as they were stored, without the type, and gives those of the next shape. It looks
    at nothing else and stands beside the type that it leads to.
    """

    to: str
    change: Callable[[dict[str, Any]], dict[str, Any]]


class Shapes:
    """Every shape that was ever stored, and the way from each to the newest. The bytes in the log never change."""

    def __init__(self, newest: Iterable[str], upcasters: Mapping[str, Upcaster]) -> None:
        """Refuses ``schema_gap`` where a stored shape has no way to a newest one, or one that runs in a circle."""
        newest = list(newest)
        self._ways = {tag: _way(tag, newest, upcasters) for tag in (*newest, *upcasters)}
        for tag in newest:
            name, _, version = tag.partition(".")
            for older in (f"{name}.{number}" for number in range(1, int(version))):
                if older not in upcasters:
                    raise Refused("schema_gap", f"{tag} is the newest shape, and nothing leads there from {older}")

    @property
    def tags(self) -> list[str]:
        """Every tag that can be read."""
        return list(self._ways)

    def must_know(self, tags: Iterable[str]) -> None:
        """Refuses ``unknown_fact`` where one of these tags can't be read: a newer version wrote it."""
        if strange := sorted(set(tags) - set(self._ways)):
            raise Refused("unknown_fact", f"The log holds facts that this version does not know: {', '.join(strange)}")

    def newest_tag(self, tag: str) -> str:
        """The tag of a stored fact's newest shape; a tag that nobody knows stays as it is."""
        way = self._ways.get(tag)
        return way[-1].to if way else tag

    def newest(self, tag: str, payload: bytes) -> bytes:
        """A stored fact in its newest shape; refuses ``unknown_fact`` and, of an older shape, ``malformed_fact``."""
        way = self._ways.get(tag)
        if way is None:
            self.must_know([tag])
        return _walked(payload, way) if way else payload


def _way(tag: str, newest: list[str], upcasters: Mapping[str, Upcaster]) -> list[Upcaster]:
    """The steps from a tag to a newest one; none from a newest one."""
    way: list[Upcaster] = []
    at = tag
    while step := upcasters.get(at):
        if at in newest or step in way:
            raise Refused(
                "schema_gap", f"The way from {tag} to its newest shape goes on behind it or in a circle: {at}"
            )
        way.append(step)
        at = step.to
    if at not in newest:
        raise Refused("schema_gap", f"The way from {tag} to its newest shape ends in {at}, which no fact has")
    return way


def _walked(payload: bytes, way: list[Upcaster]) -> bytes:
    try:
        fields = msgspec.msgpack.decode(payload, type=dict[str, Any])
        del fields["type"]
        for step in way:
            fields = step.change(fields)
        return msgspec.msgpack.encode({"type": way[-1].to, **fields})
    except _BROKEN as error:
        raise Refused("malformed_fact", f"An older fact can't be read: {type(error).__name__}: {error}") from None
