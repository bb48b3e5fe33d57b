"""What layouts there are for clips."""

from typing import Any

import msgspec

from rust_core import layout_definitions


class LayoutList(msgspec.Struct, frozen=True):
    """Every layout: its name, what it is for, how many clips it takes, its parameters, and an example that shows."""

    items: list[dict[str, Any]]


def layouts() -> LayoutList:
    """Every layout."""
    return LayoutList(msgspec.json.decode(layout_definitions()))
