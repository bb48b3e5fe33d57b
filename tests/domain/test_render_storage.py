"""The facts of a render are read from the bytes that were once stored, and stored as the same bytes again."""

from pathlib import Path
from typing import get_args

import msgspec
import pytest

from domain.render.events import (
    PlannedUnit,
    RenderCancelled,
    RenderCompleted,
    RenderFact,
    RenderFailed,
    RenderPlanned,
    RenderRequested,
    Tried,
    UnitFailed,
    UnitRendered,
    decode,
)
from domain.render.formats.format import Settings
from domain.render.plan import Range

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "facts"
KEY, MIX = "0f" * 32, "f0" * 32
STORED: list[RenderFact] = [
    RenderRequested("job_1", "p1", 7, "draft", "/films/Grüße.mp4"),
    RenderPlanned("ab" * 32, 450, [PlannedUnit(KEY, "segment", 30, False), PlannedUnit(MIX, "mix", 5, True)]),
    UnitRendered(KEY, 2, "host-17", "cd" * 32, 123_456, 789, False),
    UnitFailed(KEY, 1, "host-16", "unit_failed", "FFmpeg ended with 1."),
    RenderCompleted("/films/a.mp4", "/films/a.mp4.manifest.json", "ef" * 32, 5_000_000_000, 450, 10_584_000_000),
    RenderFailed("unit_lost", "3 executors were lost while they made it", KEY),
    RenderCancelled(),
]
# fields that came later, each left out where it says nothing
LATER: dict[str, RenderFact] = {
    "render_requested.1~part": RenderRequested(
        "job_1",
        "p1",
        7,
        "web",
        "/films/a.webm",
        Settings(audio_codec="none", target_size=150_000),
        Range(0, 705_600_000),
    ),
    "render_requested.1~still": RenderRequested("job_1", "p1", 7, "poster", "/films/a.jpg", None, Range(7, still=True)),
    "render_planned.1~tried": RenderPlanned("ab" * 32, 450, [], [Tried("h264_nvenc", "no device"), Tried("libx264")]),
}


def tag_of(fact: RenderFact) -> str:
    return str(type(fact).__struct_config__.tag)


@pytest.mark.parametrize(("name", "fact"), [*((tag_of(fact), fact) for fact in STORED), *LATER.items()])
def test_a_fact_is_the_bytes_that_were_stored(name: str, fact: RenderFact) -> None:
    stored = bytes.fromhex((GOLDEN / f"{name}.hex").read_text())
    assert decode(stored) == fact
    assert msgspec.msgpack.encode(fact) == stored


@pytest.mark.parametrize("fact", STORED, ids=tag_of)
def test_a_fact_with_a_field_that_nobody_knows_is_refused(fact: RenderFact) -> None:
    more = {**msgspec.msgpack.decode(msgspec.msgpack.encode(fact)), "more": 1}
    with pytest.raises(msgspec.ValidationError):
        decode(msgspec.msgpack.encode(more))


def test_every_fact_has_its_bytes() -> None:
    assert {type(fact) for fact in STORED} == set(get_args(RenderFact))
