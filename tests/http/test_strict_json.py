"""The JSON reader: what it accepts is what JSON means, what it refuses is refused with one code."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.http.strict_json import DEEPEST, decode
from domain.errors import Refused

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=20)


@given(VALUES)
def test_good_json_is_read_as_it_is(value: Any) -> None:
    assert decode(json.dumps(value).encode()) == value
    assert decode(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.decimals(-(10**15), 10**15, places=6))
def test_numbers_keep_every_digit(number: Decimal) -> None:
    read = decode(f"[{number:f}]".encode())[0]
    assert (read, str(read)) == (number, str(Decimal(f"{number:f}"))) or number == 0 == read


@given(st.binary())
def test_anything_else_is_refused_and_nothing_worse(body: bytes) -> None:
    try:
        decode(body)
    except Refused as refused:
        assert refused.code == "malformed_json"


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"b":{"a":1,"a":2}}',
        b"[NaN]",
        b"[-Infinity]",
        b"1e19",
        b"1e-19",
        b"0." + b"1" * 50,
        b"9" * 5000,
        b'"\\udc00"',
        b'{"\\ud800":1}',
        b'"\\u0000"',
        b"[" * 10_000 + b"]" * 10_000,
        b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1),
        b"\xef\xbb\xbf1",
        "1".encode("utf-16"),
        b"1 1",
        b"'a'",
        b"[1,]",
        b"\x00",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_each_open_door_is_closed(body: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        decode(body)
    assert refusal.value.code == "malformed_json"


def test_the_limit_of_depth_is_exact_and_zero_is_zero() -> None:
    assert decode(b"[" * DEEPEST + b"]" * DEEPEST)
    assert decode(b"0e999999999999") == 0
    assert decode(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"
