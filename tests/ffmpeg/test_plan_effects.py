"""An effect as a filter string, as ``POST /effects/{type}/preview`` shows it: FFmpeg takes every one as it is."""

from pathlib import Path

import msgspec
import pytest

import rust_core
from domain.timeline import events
from tests.ffmpeg.films import DEJAVU
from tests.oracle.programs import Build, builds, run

pytestmark = pytest.mark.ffmpeg

OUTPUT = msgspec.msgpack.encode(events.Output(320, 180, events.Rate(30, 1), 48_000, "#000000"))
EFFECTS = msgspec.json.decode(rust_core.effect_definitions())


@pytest.mark.parametrize("build", builds(), ids=lambda build: build.name)
@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: effect["effect_type"])
def test_ffmpeg_takes_the_filter_as_it_is_shown(build: Build, effect: dict, tmp_path: Path) -> None:
    kind = effect["effect_type"]
    params = rust_core.normalise_params(kind, msgspec.json.encode(effect["example"]["params"]))
    shown = msgspec.json.decode(rust_core.effect_filter(kind, params, OUTPUT))
    for name, text in shown["files"].items():
        (tmp_path / name).write_text(text)
    (tmp_path / "any.font").symlink_to(DEJAVU)
    inputs = ["-f", "lavfi", "-i", "color=s=320x180:d=0.2", "-f", "lavfi", "-i", "sine=d=0.2"]
    run(build.ffmpeg, [*inputs, "-filter_complex", shown["filter"], "-f", "null", "-"], folder=tmp_path)
    assert shown["filter"]
