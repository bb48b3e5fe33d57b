"""JSON without the doors that Python's reader leaves open.

Refused, each with a sentence: anything but UTF-8, a byte order mark, NaN and Infinity, a key twice in one object, more
than 64 levels, whole numbers beyond 64 bits, numbers beyond 10^18 or with more than 40 digits, lone surrogates, NUL.
Numbers with a point or an exponent become ``Decimal``, digit for digit.
"""

import json
from decimal import Decimal
from typing import Any, NoReturn

from domain.errors import Refused

DEEPEST = 64
LONGEST_NUMBER = 40
LARGEST_EXPONENT = 18


def decode(body: bytes) -> Any:
    """The value of a JSON text; refuses ``malformed_json``."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        _refuse("The body is not UTF-8")
    except json.JSONDecodeError as error:
        _refuse(f"{error.msg} at line {error.lineno}, column {error.colno}")
    except RecursionError:
        _refuse(f"The body has more than {DEEPEST} levels")
    _check(value)
    return value


def _refuse(message: str) -> NoReturn:
    raise Refused("malformed_json", message) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        _refuse("An object has the same key twice")
    return found


def _whole(text: str) -> int:
    if len(text) > 20 or not -(2**63) <= (number := int(text)) < 2**63:
        _refuse("A whole number does not fit 64 bits")
    return number


def _decimal(text: str) -> Decimal:
    if len(text) > LONGEST_NUMBER:
        _refuse(f"A number has more than {LONGEST_NUMBER} digits")
    number = Decimal(text)
    if not number:
        return Decimal(0)  # whatever its exponent
    if abs(number.adjusted()) > LARGEST_EXPONENT:
        _refuse("A number is too large or too small")
    return number


def _constant(name: str) -> NoReturn:
    _refuse(f"{name} is not a number in JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant, strict=True
)


def _check(value: Any) -> None:
    """Depth and characters, level by level."""
    level = [value]
    for _ in range(DEEPEST):
        for item in level:
            if isinstance(item, str):
                _check_text(item)
        level = [inner for item in level for inner in _inside(item)]
        if not level:
            return
    for item in level:
        if isinstance(item, str):
            _check_text(item)
        elif isinstance(item, dict | list):
            _refuse(f"The body has more than {DEEPEST} levels")


def _inside(item: Any) -> list[Any]:
    if isinstance(item, dict):
        return [*item.keys(), *item.values()]
    return item if isinstance(item, list) else []


def _check_text(text: str) -> None:
    if text.isascii():
        if "\0" in text:
            _refuse("A string holds the character U+0000")
        return
    if "\0" in text or any("\ud800" <= character <= "\udfff" for character in text):
        _refuse("A string holds U+0000 or half of a surrogate pair")
