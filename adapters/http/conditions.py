"""Entity tags: a project's version as a tag, and the conditions that requests put on it."""

import re

from starlette.requests import Request

from domain.errors import Refused

_TAGS = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|\Z)')


def etag(tag: str | int) -> str:
    """The tag of a version, or another, as it is sent."""
    return f'"{tag}"'


def if_match(request: Request) -> frozenset[int] | None:
    """The versions of which ``If-Match`` allows one; None where any will do."""
    tags = _tags(request, "If-Match")
    if tags is None:
        return None
    # compared strongly, as RFC 9110 13.1.1 has it: a weak tag matches nothing
    return frozenset(int(tag) for weak, tag in tags if not weak and tag.isdecimal() and len(tag) <= 18)


def is_known(request: Request, tag: str | int) -> bool:
    """Whether ``If-None-Match`` says that the caller has what goes by this tag, a version's or another, already."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return True
    return any(known == str(tag) for _, known in _tags(request, "If-None-Match") or ())


def _tags(request: Request, name: str) -> list[tuple[str, str]] | None:
    value = request.headers.get(name)
    if value is None or value.strip() == "*":
        return None
    tags: list[tuple[str, str]] = _TAGS.findall(value)
    if not tags or _TAGS.sub("", value):
        raise Refused("invalid_field", f'{name} must be * or entity tags such as "12"', name)
    return tags
