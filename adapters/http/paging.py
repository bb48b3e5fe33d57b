"""What lists are asked for: ``?limit=&cursor=``."""

from typing import Annotated

import msgspec

Limit = Annotated[int, msgspec.Meta(ge=1, le=500)]
Cursor = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]


class Paging(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How much to list, and after what."""

    limit: Limit = 100
    cursor: Cursor | None = None
