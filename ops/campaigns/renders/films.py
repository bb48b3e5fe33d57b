"""The films that the campaign asks for: tiny, different, and known by the hash that each has when all is well."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from adapters.ffmpeg.locate import locate
from ops.campaigns.callers import BASE, Caller, Json
from ops.campaigns.campaign import Run

SECONDS = 8
_PATIENCE_S = 60


@dataclass(frozen=True)
class Film:
    """A project, its hex SHA-256 as a draft, and how many frames it has."""

    project: str
    sha256: str
    frames: int


def make_source(path: Path) -> None:
    """A moving picture with a tone."""
    picture = f"testsrc2=size=160x90:rate=25:duration={SECONDS}"
    inputs = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", f"sine=sample_rate=48000:duration={SECONDS}"]
    codecs = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-ac", "2"]
    subprocess.run([str(locate().ffmpeg), "-v", "error", *inputs, *codecs, str(path)], check=True)


def make_films(run: Run, caller: Caller, source: Path, folder: Path, count: int) -> list[Film]:
    """Author so many films, and render each in peace: what it is then is what it must be ever after."""
    scan = caller.send("POST", f"{BASE}/videos/scan", {"path": str(source.parent)}).json["job_id"]
    _ended(caller, f"/jobs/{scan}")
    films = [_film(caller, _author(run, caller, source, number), folder) for number in range(count)]
    run.check(len({film.sha256 for film in films}) == count, "two films are the same file")
    return films


def _author(run: Run, caller: Caller, source: Path, number: int) -> str:
    body = {"name": f"film {number}", "output": {"width": 160, "height": 90, "fps": 25}}
    project = str(caller.send("POST", f"{BASE}/projects", body).json["id"])
    ops: list[Json] = [{"op": "add_track", "id": "v", "type": "video"}]
    for _ in range(run.chance.randrange(2, 5)):
        first, length = run.chance.randrange(25 * (SECONDS - 2)), run.chance.randrange(10, 40)
        clip: Json = {"op": "add_clip", "track": "v", "source": str(source), "at": "end"}
        ops.append(clip | {"in_point": {"frame": first}, "out_point": {"frame": first + length}})
    reply = caller.edit(project, ops)
    if reply.status != 200:
        raise RuntimeError(f"a film can't be authored: {reply}")
    return project


def _film(caller: Caller, project: str, folder: Path) -> Film:
    reply = caller.send("POST", f"{BASE}/render/start", {"project_id": project, "preset": "draft"})
    job = _ended(caller, f"/render/jobs/{reply.json['job_id']}")
    if job["status"] != "completed":
        raise RuntimeError(f"nothing went wrong and still there is no film: {job}")
    paper = caller.get(f"/render/jobs/{job['job_id']}/manifest")["output"]
    for path in folder.glob(f"{job['job_id']}*"):
        path.unlink()
    return Film(project, paper["sha256"], paper["frames"])


def _ended(caller: Caller, path: str) -> Json:
    job = caller.get(f"{path}?wait_s={_PATIENCE_S}")
    if job["status"] in ("queued", "running"):
        raise RuntimeError(f"nothing went wrong and still this has not ended: {job}")
    return job
