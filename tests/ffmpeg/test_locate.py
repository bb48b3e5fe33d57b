"""FFmpeg is found where the settings, the wheels or PATH have it, and says what it can do; a false one is refused."""

from pathlib import Path

import pytest

from adapters.ffmpeg import locate as module
from adapters.ffmpeg.locate import locate
from domain.errors import Refused
from tests.ffmpeg.footage import BUILDS, tools_of
from tests.oracle.programs import Build, run

pytestmark = pytest.mark.ffmpeg


def program(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("build", BUILDS)
def test_every_build_has_what_a_render_needs_and_takes_the_script_option(build: Build, tmp_path: Path) -> None:
    tools = tools_of(build)
    found = tools.capabilities
    assert found.lacking == []
    assert {"h264", "aac", "png"} <= found.decoders
    script = tmp_path / "graph"
    script.write_text("testsrc2=d=0.1[v]")
    run(tools.ffmpeg, [found.script_option, str(script), "-map", "[v]", "-f", "null", "-"])


def test_two_builds_are_told_apart() -> None:
    names = [tools_of(case.values[0]).capabilities.build for case in BUILDS]
    assert len(set(names)) == len(names)


def test_the_setting_comes_first(tmp_path: Path) -> None:
    real = locate()
    program(tmp_path / "ffmpeg", f'exec {real.ffmpeg} "$@"')
    program(tmp_path / "ffprobe", f'exec {real.ffprobe} "$@"')
    assert locate(tmp_path / "ffmpeg").ffmpeg == tmp_path / "ffmpeg"


def test_the_wheels_come_before_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    wheels = module._of_the_wheels()
    if wheels:
        assert locate().ffmpeg == wheels[0].resolve()
    monkeypatch.setattr(module, "_of_the_wheels", lambda: None)
    with pytest.raises(Refused, match="ffmpeg_unavailable"):
        locate()


@pytest.mark.parametrize("script", ["exit 1", "echo something else", "kill -9 $$"])
def test_a_program_that_is_not_ffmpeg_is_refused(script: str, tmp_path: Path) -> None:
    program(tmp_path / "ffmpeg", script)
    program(tmp_path / "ffprobe", "echo ffprobe version 1")
    with pytest.raises(Refused, match="ffmpeg_unavailable"):
        locate(tmp_path / "ffmpeg")


def test_a_missing_ffprobe_is_refused(tmp_path: Path) -> None:
    program(tmp_path / "ffmpeg", "echo ffmpeg version 1")
    with pytest.raises(Refused, match="ffprobe"):
        locate(tmp_path / "ffmpeg")
