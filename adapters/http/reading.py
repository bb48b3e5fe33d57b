"""Requests as values: bodies, queries and headers are parsed here, once, or refused naming the field."""

import re
from difflib import get_close_matches
from typing import Any, TypeVar, get_args

import msgspec
from starlette.requests import HTTPConnection, Request

from adapters.http import strict_json
from domain.errors import Refused
from domain.timeline.commands import AnyOp, read_value
from domain.timeline.state import shown

LARGEST_BODY = 1 << 20
_READ_ANYWAY = 64 << 20  # of a body that is too large: many clients only listen once they have sent it all

_T = TypeVar("_T")
_PLACE = re.compile(r"(.*) - at `\$\.?(.*)`\Z", re.DOTALL)
_NAMED = re.compile(r"Object (?:contains unknown|missing required) field `([^`]*)`", re.DOTALL)
_NO_OP = re.compile(r"Invalid value '(.*)'\Z", re.DOTALL)
_JSON = re.compile(r"application/(?:[a-z0-9.+-]+\+)?json\s*(?:;\s*charset=\"?utf-?8\"?\s*)?\Z", re.IGNORECASE)
_PRINTABLE = re.compile(r"[!-~]{1,255}\Z")


async def raw_body(request: Request, largest: int = LARGEST_BODY) -> bytes:
    """The bytes of the body, at most so many of them."""
    stated = request.headers.get("content-length", "0")
    told = int(stated) if stated.isdecimal() and len(stated) <= 9 else _READ_ANYWAY + 1
    parts: list[bytes] = []
    size = 0
    if told <= _READ_ANYWAY:
        async for part in request.stream():
            size += len(part)
            if size > _READ_ANYWAY:
                break
            if size <= largest:
                parts.append(part)
    if max(told, size) > largest:
        raise Refused("body_too_large", f"The body has more than {largest} bytes")
    return b"".join(parts)


def decoded(request: Request, body: bytes) -> dict[str, Any]:
    """The JSON object in a body; refuses another content type, and anything that is no object."""
    kind = request.headers.get("content-type", "")
    if not _JSON.match(kind):
        raise Refused("unsupported_media_type", f"The body is {kind[:64] or 'of no stated type'}", "Content-Type")
    value = strict_json.decode(body)
    if not isinstance(value, dict):
        raise Refused("invalid_field", "The body must be a JSON object")
    return value


def converted(value: Any, kind: type[_T]) -> _T:
    """A decoded JSON value as a ``kind``; refuses ``invalid_field`` with the path of the field."""
    try:
        return msgspec.convert(value, kind, dec_hook=read_value)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from None


def query_as(request: HTTPConnection, kind: type[_T]) -> _T:
    """The query as a ``kind``: unknown and repeated names are refused like wrong values."""
    pairs = request.query_params.multi_items()
    named = dict(pairs)
    if len(named) != len(pairs):
        raise Refused("invalid_field", "A query parameter comes twice")
    if any("\0" in value or "�" in value for value in named.values()):
        raise Refused("invalid_field", "The query holds U+0000 or is not UTF-8")
    try:
        return msgspec.convert(named, kind, strict=False, dec_hook=read_value)
    except msgspec.ValidationError as error:
        raise misfit(str(error)) from None


def misfit(message: str) -> Refused:
    """What msgspec says about a value, as a refusal: the sentence, and the path of the field meant."""
    place = _PLACE.match(message)
    sentence, path = place.groups() if place else (message, "")
    named = _NAMED.match(sentence)
    if (wrong := _NO_OP.match(sentence)) and path.endswith("].op"):
        sentence = _no_op(wrong[1])
    path = ".".join(part for part in (path, named[1] if named else "") if part)
    extra = {"failing_op": int(index[1])} if (index := re.match(r"ops\[(\d+)\]", path)) else {}
    return Refused("invalid_field", sentence, path[:200] or None, extra=extra)


def _no_op(name: str) -> str:
    """That an op has no such name, and which it may have meant."""
    names = sorted(str(op.__struct_config__.tag) for op in get_args(AnyOp))
    near = get_close_matches(name, names, 1)
    return f"There is no op {shown(name)}; " + (f"{near[0]} is the nearest" if near else f"ops are {', '.join(names)}")


def header(request: Request, name: str) -> str | None:
    """A header of printable ASCII without blanks, or None where it is not sent."""
    value = request.headers.get(name)
    if value is not None and not _PRINTABLE.match(value):
        raise Refused("invalid_field", f"{name} must be 1 to 255 printable ASCII characters without blanks", name)
    return value
