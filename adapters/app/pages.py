"""A part of a list."""

from typing import Generic, TypeVar

import msgspec

Item = TypeVar("Item")


class Page(msgspec.Struct, Generic[Item], frozen=True):
    """Some items. ``next_cursor`` asks for what follows; null at the end."""

    items: list[Item]
    next_cursor: str | None
