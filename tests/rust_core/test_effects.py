"""Effects: what is discovered, what a request may say, and what becomes of it."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rust_core import CoreError, effect_definitions, effect_schema, normalise_params
from tests.rust_core.story import SECOND

DEFINITIONS: dict[str, dict[str, Any]] = {
    definition["effect_type"]: definition for definition in json.loads(effect_definitions())
}
OF_DEFINITIONS = ("effect_type", "display_name", "description", "category", "ai_hint", "parameters", "example")


def params(kind: str, wire: str, current: dict[str, Any] | None = None, rate: tuple[int, int] | None = None) -> Any:
    packed = None if current is None else msgspec.msgpack.encode(current)
    return msgspec.msgpack.decode(normalise_params(kind, wire.encode(), packed, rate))


def refusal(kind: str, wire: str) -> tuple[str, str | None]:
    with pytest.raises(CoreError) as refused:
        params(kind, wire)
    return refused.value.code, refused.value.path


SOURCE = Path(__file__).parents[2] / "rust_core" / "src" / "effect"


def test_each_effect_has_a_file_of_its_name_in_the_folder_of_its_category() -> None:
    files = {path.relative_to(SOURCE) for path in SOURCE.glob("*/*.rs") if path.name != "mod.rs"}
    assert files == {Path(of["category"], f"{name}.rs") for name, of in DEFINITIONS.items()}


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_a_definition_is_complete_and_its_example_is_accepted(kind: str) -> None:
    definition = DEFINITIONS[kind]
    assert all(definition[field] for field in OF_DEFINITIONS)
    assert definition["clip"] or definition["global"]
    example = definition["example"]["params"]
    schema = json.loads(effect_schema(kind))
    assert set(schema["properties"]) == set(definition["parameters"])
    own = {name for name, of in definition["parameters"].items() if "window" not in of}
    assert set(params(kind, json.dumps(example))) == own
    assert set(schema["required"]) == {name for name, of in definition["parameters"].items() if of.get("required")}
    assert all(
        of["description"] and ("default" in of or of.get("required") or of["window"])
        for of in definition["parameters"].values()
    )


def test_every_effect_says_when_it_works() -> None:
    for definition in DEFINITIONS.values():
        assert {"start", "duration"} <= set(definition["parameters"])


def test_defaults_are_filled_in() -> None:
    assert params("text_overlay", '{"text": "Otter"}') == {
        "fade_in": 0,
        "fade_out": 0,
        "font_color": "white",
        "font_size": 48,
        "position": "center",
        "text": "Otter",
    }


@pytest.mark.parametrize(
    ("written", "flicks"),
    [
        ("1", SECOND),
        ("0.1", SECOND // 10),
        ('"0.1"', SECOND // 10),
        ("1e-1", SECOND // 10),
        ('"00:01:00.5"', 60 * SECOND + SECOND // 2),
        ("0.000000001", 1),
        ("0.0", 0),
    ],
)
def test_a_time_is_taken_exactly(written: str, flicks: int) -> None:
    assert params("text_overlay", f'{{"text": "x", "fade_in": {written}}}')["fade_in"] == flicks


def test_a_time_in_frames_needs_the_rate() -> None:
    wire = '{"duration": {"frame": 30}}'
    assert params("fade_in", wire, rate=(30_000, 1001)) == {"duration": 30 * SECOND * 1001 // 30_000}
    assert refusal("fade_in", wire) == ("bad_parameter", "params.duration")


@given(st.decimals(Decimal(0), Decimal(10), places=6))
def test_a_gain_keeps_its_six_places(gain: Decimal) -> None:
    assert params("volume", f'{{"gain": {gain:f}}}') == {"gain": int(gain * 1_000_000)}


@given(st.text(min_size=1, max_size=200))
def test_text_is_kept_as_typed_or_refused(text: str) -> None:
    kept = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    try:
        assert params("text_overlay", json.dumps({"text": text}))["text"] == kept
    except CoreError as refused:
        assert refused.path in ("params.text", "params")
        assert any(not letter.isprintable() for letter in text) or not kept.strip() or kept.count("\n") >= 50


def test_an_update_changes_what_it_names() -> None:
    before = params("text_overlay", '{"text": "Otter", "font_size": 64}')
    after = params("text_overlay", '{"text": "Stoat"}', before)
    assert after == before | {"text": "Stoat"}


@pytest.mark.parametrize(
    ("kind", "wire", "code", "path"),
    [
        ("explode", "{}", "unknown_effect_type", "type"),
        ("text_overlay", "{}", "bad_parameter", "params.text"),
        ("volume", "[]", "bad_parameter", "params"),
        ("volume", "{", "bad_parameter", "params"),
        ("volume", '{"gain": NaN}', "bad_parameter", "params"),
        ("volume", '{"gain": 1e999}', "bad_parameter", "params.gain"),
        ("volume", '{"gain": "loud"}', "bad_parameter", "params.gain"),
        ("volume", '{"gain": true}', "bad_parameter", "params.gain"),
        ("volume", '{"gain": null}', "bad_parameter", "params.gain"),
        ("volume", '{"gain": -0.1}', "out_of_range", "params.gain"),
        ("volume", '{"gain": 10.000001}', "out_of_range", "params.gain"),
        ("volume", '{"gain": 1, "odd": 1}', "bad_parameter", "params.odd"),
        ("text_overlay", '{"text": 5}', "bad_parameter", "params.text"),
        ("text_overlay", '{"text": "x", "font_size": 48.5}', "bad_parameter", "params.font_size"),
        ("text_overlay", '{"text": "x", "font_size": 501}', "out_of_range", "params.font_size"),
        ("text_overlay", '{"text": "x", "fade_in": "00:61:00"}', "bad_parameter", "params.fade_in"),
        ("text_overlay", '{"text": "x", "fade_in": -1}', "out_of_range", "params.fade_in"),
        ("text_overlay", '{"text": "x", "start": 1}', "bad_parameter", "params.start"),
        ("text_overlay", '{"text": "x", "font_color": "white@0.5"}', "out_of_range", "params.font_color"),
        ("text_overlay", '{"text": "\\u001b[31m"}', "out_of_range", "params.text"),
        ("fade_in", '{"duration": 0}', "out_of_range", "params.duration"),
    ],
)
def test_what_an_effect_does_not_take_is_refused_by_name(kind: str, wire: str, code: str, path: str) -> None:
    assert refusal(kind, wire) == (code, path)


def test_colours_are_kept_in_lower_case() -> None:
    assert params("text_overlay", '{"text": "x", "font_color": "#FFaa00"}')["font_color"] == "#ffaa00"
