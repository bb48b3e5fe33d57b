"""Refusals are one closed list: the core's codes are in it, and every code has an HTTP status and something to try."""

import re
from pathlib import Path

import pytest

from adapters.http.problem import STATUS
from domain.errors import RULES, Refused

CORE = Path(__file__).resolve().parents[2] / "rust_core" / "src" / "error.rs"


def test_every_code_of_the_core_is_in_the_table() -> None:
    names = set(re.findall(r'Self::\w+ => "(\w+)"', CORE.read_text()))
    assert names
    assert names <= set(RULES)


def test_every_code_says_what_to_try() -> None:
    for code, rule in RULES.items():
        assert re.fullmatch(r"[a-z_]+", code)
        assert rule.title
        assert rule.suggestion.endswith((".", ")"))


def test_every_kind_has_a_status_below_500_or_an_honest_503() -> None:
    assert {rule.kind for rule in RULES.values()} == set(STATUS)
    assert {status for status in STATUS.values() if status >= 500} <= {500, 503, 507}


def test_a_code_outside_the_table_cannot_be_raised() -> None:
    with pytest.raises(KeyError):
        Refused("no_such_code", "never")
