"""Frames that are looked at are the frames that a render would show: read one by one, from a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import pytest

from adapters.render.make import Maker
from adapters.render.segments import Stored
from domain.render.messages import Work
from domain.time import to_seconds
from tests.http.client import Caller, refused
from tests.oracle.expect import pictures
from tests.oracle.film import open_film
from tests.oracle.programs import builds
from tests.oracle.recipes import FILM, NTSC
from tests.oracle.sources import Source
from tests.oracle.timeline import frames
from tests.preview.looking import AGAIN, CUT, END, GAP, TELEVISION, laid, look, shows, timeline

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats]


@pytest.mark.parametrize("rate", [FILM, NTSC], ids=["24000/1001", "30000/1001"])
def test_the_frame_on_screen_at_a_time_is_the_one_that_is_shown(
    rate: Fraction, api: Caller, sources: tuple[Source, ...], tmp_path: Path
) -> None:
    film = timeline(sources, rate)
    project = laid(api, film)
    for n in (0, 1, CUT - 1, CUT, CUT + 5, GAP - 1, GAP, AGAIN - 1, AGAIN, END - 1):
        showing = pictures(film, n)
        due = {(picture.source, picture.frame) for picture in showing}
        begins, ends = frames(n, rate), frames(n + 1, rate)
        for query in ({"frame": n}, {"t": to_seconds(begins)}, {"t": to_seconds(ends - 1), "format": "png"}):
            seen = look(api, project, **query)
            assert seen.headers["stoat-frame"] == str(n), query
            assert shows(seen, tmp_path, *(picture.rect for picture in showing)) == due, (n, query)


def test_any_version_shows_what_it_was_and_the_head_stays(
    api: Caller, sources: tuple[Source, ...], tmp_path: Path
) -> None:
    project = laid(api, timeline(sources, NTSC))
    before = api.get(f"/projects/{project}")["version"]
    first = look(api, project, frame=3)
    api.edit(project, {"op": "remove_clip", "clip": "web"})
    assert shows(look(api, project, frame=3), tmp_path) == set()
    then = look(api, project, frame=3, version=before)
    assert (then.content, then.headers["etag"]) == (first.content, first.headers["etag"])
    assert api.get(f"/projects/{project}")["version"] == before + 1


def test_a_tag_changes_only_when_the_picture_does(api: Caller, sources: tuple[Source, ...]) -> None:
    project = laid(api, timeline(sources, NTSC))
    tag = look(api, project, frame=20).headers["etag"]
    api.edit(project, {"op": "rename_project", "name": "another name"}, {"op": "remove_clip", "clip": "web"})
    known = api.send("GET", f"/preview/frame?project_id={project}&frame=20", If_None_Match=tag)
    assert (known.status_code, known.content) == (304, b"")
    assert look(api, project, frame=21).headers["etag"] != tag
    api.edit(project, {"op": "add_effect", "clip": "ntsc", "type": "invert"})
    assert look(api, project, frame=20).headers["etag"] != tag


def test_it_is_as_wide_as_was_asked(api: Caller, sources: tuple[Source, ...], tmp_path: Path) -> None:
    project = laid(api, timeline(sources, NTSC))
    for width, height in ((160, 90), (640, 360)):
        seen = look(api, project, frame=2, width=width, format="png")
        (tmp_path / "seen.png").write_bytes(seen.content)
        assert open_film(tmp_path / "seen.png", builds()[0], *TELEVISION).luma.shape == (1, height, width)
        assert shows(seen, tmp_path) == shows(look(api, project, frame=2), tmp_path)


def test_it_is_what_a_render_delivers(api: Caller, sources: tuple[Source, ...], tmp_path: Path) -> None:
    """One unit for both: the poster of a render reuses the frame that was looked at."""
    project = laid(api, timeline(sources, FILM))
    api.edit(project, {"op": "add_effect", "clip": "ntsc", "type": "text_overlay", "params": {"text": "Hi"}})
    n = CUT + 2
    seen = look(api, project, frame=n)
    plan = api.get(f"/render/plan?project_id={project}&preset=poster&start={to_seconds(frames(n, FILM))}")
    assert (plan["hits"], plan["misses"]) == (1, 0)
    (tmp_path / "seen.jpg").write_bytes(seen.content)
    whole = subprocess.run(
        [str(builds()[0].ffmpeg), "-v", "error", "-i", str(tmp_path / "seen.jpg"), "-f", "null", "-"],
        capture_output=True,
        check=True,
    )
    assert whole.stderr == b""
    plain = look(api, project, frame=n, version=api.get(f"/projects/{project}")["version"] - 1)
    assert plain.content != seen.content


def test_many_who_ask_for_one_frame_get_it_made_once(
    api: Caller, sources: tuple[Source, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    project = laid(api, timeline(sources, FILM))
    made, make = [], Maker.make

    async def counted(maker: Maker, work: Work, on_progress: Callable[[bytes], None]) -> tuple[Stored, bool]:
        made.append(work.unit.key)
        return await make(maker, work, on_progress)

    monkeypatch.setattr(Maker, "make", counted)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: look(api, project, frame=40, width=64).content, range(8)))
    assert len(set(answers)) == 1
    assert len(made) < len(answers)
    assert answers[0][:2] == b"\xff\xd8"


def test_what_can_not_be_shown_is_refused(api: Caller, sources: tuple[Source, ...]) -> None:
    project = laid(api, timeline(sources, NTSC))
    refused(look(api, project, frame=END), 422, "outside_timeline", "frame")
    refused(look(api, project, t="1000"), 422, "outside_timeline", "t")
    refused(look(api, project, t="-0.001"), 422, "outside_timeline", "t")
    refused(look(api, project, t="noon"), 422, "invalid_field", "t")
    refused(look(api, project, t="0", frame=0), 422, "invalid_field", "frame")
    for width in (15, 17, 5000, "wide"):
        refused(look(api, project, width=width), 422, "invalid_field", "width")
    refused(look(api, project, format="bmp"), 422, "invalid_field", "format")
    refused(look(api, project, quality=3), 422, "invalid_field", "quality")
    refused(look(api, project, version=99), 404, "unknown_version", "version")
    refused(look(api, "nope"), 404, "unknown_project")
    refused(look(api, api.project()), 422, "nothing_to_render")


def test_a_source_that_changed_is_refused_and_not_shown(
    api: Caller, sources: tuple[Source, ...], tmp_path: Path
) -> None:
    path = sources[0].path.parent / "goes.mp4"
    path.write_bytes(sources[0].path.read_bytes())
    job = api.do("POST", "/videos/scan", {"path": str(path)})["job_id"]
    assert api.get(f"/jobs/{job}?wait_s=60")["status"] == "completed"
    project = api.project(width=96, height=54)
    api.edit(project, {"op": "add_clip", "track": "v", "source": str(path), "at": 0, "out_point": 1})
    path.write_bytes(sources[1].path.read_bytes())
    refused(look(api, project, frame=0), 409, "source_changed")
    path.unlink()
    refused(look(api, project, frame=1), 409, "media_missing")


def stoat(api: Caller, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STOAT_URL": api.running.url}
    argv = [sys.executable, "-m", "adapters.cli", *words]
    return subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60, check=False)


def test_a_person_gets_a_file(api: Caller, sources: tuple[Source, ...], tmp_path: Path) -> None:
    project = laid(api, timeline(sources, NTSC))
    out = tmp_path / "out.png"
    done = stoat(api, "frame", project, str(out), "--time", "1.001", "--json")
    assert json.loads(done.stdout) == {"path": str(out), "frame": 30, "version": 6}
    assert out.read_bytes() == look(api, project, frame=30, format="png").content
    again = stoat(api, "frame", project, str(out))
    assert (again.returncode, "File exists" in again.stderr) == (1, True)
    wrong = stoat(api, "frame", project, str(tmp_path / "out.gif"))
    assert (wrong.returncode, "format" in wrong.stderr) == (1, True)


def test_a_person_gets_a_sheet(api: Caller, sources: tuple[Source, ...], tmp_path: Path) -> None:
    project = laid(api, timeline(sources, NTSC))
    ways = {"sheet": ("--count", "2"), "changes": ("--from", "4", "--version", "6")}
    for name, words in ways.items():
        done = stoat(api, "sheet", project, str(tmp_path / f"{name}.jpg"), *words)
        assert (done.returncode, done.stderr) == (0, f"wrote {tmp_path / name}.jpg\n")
        assert (tmp_path / f"{name}.jpg").read_bytes()[:2] == b"\xff\xd8"
    same = stoat(api, "sheet", project, str(tmp_path / "same.jpg"), "--from", "6")
    assert (same.returncode, "nothing_changed" in same.stderr) == (1, True)
    both = stoat(api, "sheet", project, str(tmp_path / "both.jpg"), "--from", "4", "--columns", "3")
    assert both.returncode == 2
