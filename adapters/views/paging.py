"""Lists in pages: a page ends at a row, and its cursor names that row, so rows that come or go shift nothing."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from domain.errors import Refused

MOST = 1000
LONGEST_CURSOR = 512

_T = TypeVar("_T")
_K = TypeVar("_K")


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A row by the log position that made it."""

    position: Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Hit(msgspec.Struct, frozen=True, array_like=True):
    """A row of a search: best rank first, then oldest first."""

    rank: float
    position: Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Page(msgspec.Struct, Generic[_T], frozen=True):
    """Items in the list's order; ``next_cursor`` gives the ones after them. ``position`` is the log's."""

    items: list[_T]
    next_cursor: str | None
    position: int


def checked_limit(limit: int) -> int:
    """A page's length, if it is one."""
    if not 1 <= limit <= MOST:
        raise Refused("invalid_field", f"A page has 1 to {MOST} items", path="limit")
    return limit


def cursor(listing: str, key: object) -> str:
    """What names a row of a list, for the next request. Clients must not read anything into it."""
    return urlsafe_b64encode(msgspec.msgpack.encode((listing, key))).rstrip(b"=").decode()


def after(listing: str, text: str | None, key: type[_K], first: _K) -> _K:
    """The key that a cursor of this list names; ``first`` without one. Refuses what is no cursor of this list."""
    if text is None:
        return first
    try:
        if len(text) > LONGEST_CURSOR:
            raise ValueError("too long")
        packed = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        named, row = msgspec.msgpack.decode(packed, type=tuple[str, Any])
        if named != listing:
            raise ValueError("of another list")
        return msgspec.convert(row, key)
    except (ValueError, Error, msgspec.MsgspecError) as error:
        raise Refused("invalid_field", f"That is no cursor of this list: {error}", path="cursor") from None


def page(listing: str, rows: list[tuple[_K, _T]], limit: int, position: int) -> Page[_T]:
    """The page of ``limit`` rows with their keys, where one row more was asked for."""
    shown = rows[:limit]
    more = cursor(listing, shown[-1][0]) if len(rows) > limit else None
    return Page([item for _, item in shown], more, position)
