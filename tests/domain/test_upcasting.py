"""The chain from every stored shape to the newest: complete, without circles, over the stored bytes."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from domain.errors import Refused
from domain.upcasting import Shapes, Upcaster


def renames(before: str, after: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def change(said: dict[str, Any]) -> dict[str, Any]:
        rest = dict(said)
        return {after: rest.pop(before), **rest}

    return change


STEPS = {
    "cut.1": Upcaster("cut.2", renames("a", "b")),
    "cut.2": Upcaster("cut.3", renames("b", "c")),
    "snip.1": Upcaster("cut.2", lambda said: {"b": said["where"]}),
}
SHAPES = Shapes(["cut.3", "join.1"], STEPS)


def stored(tag: str, **fields: Any) -> bytes:
    return msgspec.msgpack.encode({"type": tag, **fields})


def test_each_step_is_taken_in_turn() -> None:
    for tag, fields in {"cut.1": {"a": 7}, "cut.2": {"b": 7}, "snip.1": {"where": 7}}.items():
        assert SHAPES.newest(tag, stored(tag, **fields)) == stored("cut.3", c=7)


def test_the_newest_shape_is_read_as_it_was_stored() -> None:
    assert SHAPES.newest("cut.3", b"whatever it says") == b"whatever it says"


@pytest.mark.parametrize("tag", ["cut.4", "cut", "fade.1", ""])
def test_a_shape_of_a_newer_version_is_refused_by_name(tag: str) -> None:
    with pytest.raises(Refused, match="unknown_fact") as refused:
        SHAPES.newest(tag, stored(tag))
    assert tag in refused.value.message


@pytest.mark.parametrize(
    "payload", [b"", b"\xc1", b"\x01", stored("cut.1"), stored("cut.1", b=1), stored("cut.1", a=1)[:-1]]
)
def test_an_older_fact_that_is_damaged_is_refused(payload: bytes) -> None:
    with pytest.raises(Refused, match="malformed_fact"):
        SHAPES.newest("cut.1", payload)


@pytest.mark.parametrize(
    ("newest", "without", "besides"),
    [
        (["cut.3"], "cut.2", {}),
        (["cut.3"], "cut.1", {}),
        (["cut.4"], None, {}),
        (["cut.3"], None, {"cut.3": Upcaster("cut.1", dict)}),
        (["cut.3"], None, {"old.1": Upcaster("old.2", dict)}),
        (["cut.3"], None, {"old.1": Upcaster("old.2", dict), "old.2": Upcaster("old.1", dict)}),
        (["cut.3", "cut.2"], None, {}),
    ],
)
def test_a_gap_or_a_circle_is_found_before_anything_is_read(
    newest: list[str], without: str | None, besides: dict[str, Upcaster]
) -> None:
    steps = {tag: step for tag, step in STEPS.items() if tag != without} | besides
    with pytest.raises(Refused, match="schema_gap"):
        Shapes(newest, steps)
