"""The demo's own look at what came out: the film by ffprobe, the log by its chain, the views by a replay."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from adapters.cli.demo.report import Report
from adapters.ffmpeg.locate import locate


def prove_film(report: Report, film: Path, frames: int, output: dict[str, Any]) -> None:
    """The file has the picture, the length and the sound that the project says."""
    streams = {s["codec_type"]: s for s in _probe(film)["streams"]}
    picture, sound = streams.get("video", {}), streams.get("audio", {})
    report.must(int(picture.get("nb_read_packets", 0)) == frames, f"{film.name} has {frames} frames")
    size = (picture.get("width"), picture.get("height"))
    report.must(size == (output["width"], output["height"]), f"{film.name} is {output['width']}x{output['height']}")
    report.must(picture.get("avg_frame_rate") == f"{output['fps']}/1", f"{film.name} runs at {output['fps']} fps")
    report.must(sound.get("sample_rate") == str(output["sample_rate"]), f"{film.name} has sound")


def _probe(film: Path) -> dict[str, Any]:
    argv = [str(locate().ffprobe), "-v", "error", "-count_packets", "-show_streams", "-of", "json", f"file:{film}"]
    probed = subprocess.run(argv, check=True, capture_output=True, text=True)
    document: dict[str, Any] = json.loads(probed.stdout)
    return document


def contact_sheet(film: Path, frames: int) -> Path:
    """A picture of the film: twenty small frames, evenly spread."""
    sheet = film.with_suffix(".contact-sheet.jpg")
    every = max(1, -(-frames // 20))
    rows = -(-frames // every // 5)
    tiles = f"select=not(mod(n\\,{every})),scale=320:-2,tile=5x{rows}"
    argv = [str(locate().ffmpeg), "-v", "error", "-nostdin", "-y", "-i", f"file:{film}", "-vf", tiles]
    subprocess.run([*argv, "-fps_mode", "passthrough", "-frames:v", "1", "-update", "1", f"file:{sheet}"], check=True)
    return sheet


def prove_log(report: Report, directory: Path) -> None:
    """Chain whole; every projection rebuilt from zero equals the live one."""
    verified = _stoat("log", "verify", "--json", data=directory)
    report.step("verified the log", events=verified["events"], chain=verified["chain"][:16])
    replayed = _stoat("replay", "--check", "--json", data=directory)
    report.step("replayed it and compared", **{p["name"]: "equal" for p in replayed["projections"]})


def _stoat(*words: str, data: Path) -> dict[str, Any]:
    """A command of this program on a data folder; its failure ends the demo."""
    import os

    from adapters.cli.failure import Failed

    environment = os.environ | {"STOAT_DATA_DIR": str(data)}
    ran = subprocess.run(
        [sys.executable, "-m", "adapters.cli", *words], env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise Failed(f"`stoat {' '.join(words)}` failed: {(ran.stderr or ran.stdout).strip()}")
    document: dict[str, Any] = json.loads(ran.stdout)
    return document
