"""Fields of updates: only what was said, and only where it differs."""

from typing import Any

import msgspec
from msgspec import UNSET

from domain.time import Amount


def said(**fields: Any) -> dict[str, Any]:
    """The fields that a request names, amounts as the plain integers that facts hold."""
    named = {name: value for name, value in fields.items() if value is not UNSET}
    return {name: int(value) if isinstance(value, Amount) else value for name, value in named.items()}


def differing(before: msgspec.Struct, **fields: Any) -> dict[str, Any]:
    """The fields named by the request whose value is not the present one."""
    return {name: value for name, value in said(**fields).items() if getattr(before, name) != value}
