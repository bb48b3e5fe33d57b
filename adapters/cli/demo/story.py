"""The main job, step by step."""

from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from adapters.cli.client import Api
from adapters.cli.demo import film
from adapters.cli.demo.proof import contact_sheet, prove_film, prove_log
from adapters.cli.demo.report import Report
from adapters.cli.progress import follow

OUTPUT = {"width": 1280, "height": 720, "fps": 30, "sample_rate": 48_000}


def tell(url: str, footage: Path, place: Path) -> Report:
    """Scan, edit, undo, redo, travel back, render, change, render again, verify."""
    report = Report()
    begun, changed = films(place)
    with Api(url, actor="demo") as api:
        videos = scan(api, report, footage)
        project = edit(api, report, film.cast(videos))
        rewind(api, report, project)
        first = render(api, report, project, begun)
        change(api, report, project)
        second = render(api, report, project, changed)
        frames = api.get(f"/projects/{project}").body["frames"]
        report.must(second["units"]["reused"] > 0, "the second render reuses what did not change")
    prove_log(report, place / "data")
    report.places |= {
        "film": second["output_path"],
        "first film": first["output_path"],
        "manifest": second["output_path"] + ".manifest.json",
        "contact sheet": str(contact_sheet(Path(second["output_path"]), frames)),
        "log": str(place / "data" / "log.db"),
    }
    return report


def films(place: Path) -> tuple[Path, Path]:
    """Two names that no earlier run took: a film is never rendered over another."""
    taken = {path.name for path in place.glob("film-*.mp4")}
    names = (place / f"film-{number}.mp4" for number in count(1))
    free = (path for path in names if path.name not in taken)
    return next(free), next(free)


def scan(api: Api, report: Report, footage: Path) -> list[dict[str, Any]]:
    """Everything in the folder becomes part of the library."""
    job = api.post("/videos/scan", {"path": str(footage), "recursive": True}).body["job_id"]
    result = follow(api, f"/jobs/{job}", "scan").body["result"]
    videos: list[dict[str, Any]] = api.get("/videos", limit=200).body["items"]
    counts = {kind: sum(v["kind"] == kind for v in videos) for kind in ("video", "audio", "image")}
    report.step("scanned " + str(footage), **counts, refused=result["refused"])
    return videos


def edit(api: Api, report: Report, parts: film.Cast) -> str:
    """The timeline, in batches that are one undo step each."""
    project: str = api.post("/projects", {"name": "Demo", "output": OUTPUT}).body["id"]
    apply(api, report, project, "laid the shots: hard cut, gap, still", film.picture_ops(parts))
    apply(api, report, project, "put a second picture in the corner", film.corner_ops(parts))
    apply(api, report, project, "added a title", film.title_ops())
    length = Decimal(api.get(f"/projects/{project}").body["duration"])
    apply(api, report, project, "put music under it at 0.3 with a fade out", film.music_ops(parts, length))
    apply(api, report, project, "added a fade out of the whole film", film.ending_ops())
    return project


def apply(api: Api, report: Report, project: str, what: str, ops: list[film.Op]) -> None:
    """One batch of ops, tried dry first: the dry run must promise what the edit then does."""
    if not ops:
        return
    path = f"/projects/{project}/edits"
    dry = api.post(path, {"ops": ops, "dry_run": True}).body
    done = api.post(path, {"ops": ops, "rationale": what}).body
    report.must(dry["created"] == done["created"], "a dry run says what the edit does")
    report.step(what, version=done["version"])


def rewind(api: Api, report: Report, project: str) -> None:
    """Two edits, undone twice, redone once; then a look at an earlier version."""
    yellow = {"op": "update_effect", "effect": "title", "params": {"font_color": "yellow"}}
    apply(api, report, project, "made the title yellow", [yellow])
    kept = shape(api, project)
    mute = {"op": "update_track", "track": "main", "muted": True}
    apply(api, report, project, "muted the main track by mistake", [mute])
    api.post(f"/projects/{project}/undo", {"count": 1})
    report.must(shape(api, project) == kept, "undo takes back the newest edit and nothing else")
    api.post(f"/projects/{project}/undo", {"count": 1})
    api.post(f"/projects/{project}/redo", {"count": 1})
    head = api.get(f"/projects/{project}").body
    report.must(shape(api, project) == kept, "redo brings back what undo took")
    report.step("undid twice, redid once", version=head["version"])
    early = api.get(f"/projects/{project}", version=2).body
    report.must(api.get(f"/projects/{project}").body["version"] == head["version"], "time travel leaves the head alone")
    clips = sum(len(track["clips"]) for track in early["tracks"])
    report.step("looked at version 2 without moving the head", clips_then=clips, head=head["version"])


def shape(api: Api, project: str) -> dict[str, Any]:
    """The document without its version and dates."""
    document: dict[str, Any] = api.get(f"/projects/{project}").body
    return {name: value for name, value in document.items() if name not in ("version", "modified_at")}


def render(api: Api, report: Report, project: str, output: Path) -> dict[str, Any]:
    """A film, probed."""
    started = api.post("/render/start", {"project_id": project, "output_path": str(output)}).body
    job: dict[str, Any] = follow(api, f"/render/jobs/{started['job_id']}", "render").body
    frames = api.get(f"/projects/{project}").body["frames"]
    prove_film(report, Path(job["output_path"]), frames, OUTPUT)
    units = job["units"]
    report.step("rendered " + job["output_path"], frames=frames, units=units["total"], reused=units["reused"])
    return job


def change(api: Api, report: Report, project: str) -> None:
    """One clip starts a little later in its source."""
    clip = api.get(f"/projects/{project}/clips/shot-2").body
    later = Decimal(clip["in_point"]) + Decimal("0.2")
    apply(api, report, project, "changed one clip", [{"op": "trim_clip", "clip": "shot-2", "in_point": later}])
