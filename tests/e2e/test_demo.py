"""The main job on the real footage that the project keeps, as ``stoat demo`` runs it, twice in one place."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats, pytest.mark.slow]


def demo(place: Path) -> dict[str, Any]:
    argv = [sys.executable, "-m", "adapters.cli", "demo", "--out", str(place), "--json"]
    ran = subprocess.run(argv, capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def test_the_demo_leaves_a_film_and_a_second_run_leaves_it_alone(tmp_path: Path) -> None:
    report = demo(tmp_path / "out")
    film = Path(report["film"])
    first = film.read_bytes()
    for place in ("first film", "manifest", "contact sheet", "log"):
        assert Path(report[place]).stat().st_size > 0, place
    again = demo(tmp_path / "out")
    assert again["film"] != report["film"]
    assert film.read_bytes() == first
    renders = [step for step in again["steps"] if step["step"].startswith("rendered ")]
    assert renders[0]["reused"] == renders[0]["units"], "the same film again is made of what is there"
