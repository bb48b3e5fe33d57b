"""Two servers that render for one log: one leads, each job is made once, the other goes on when the first has gone."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from adapters.feed.events import TYPE_PREFIX
from tests.e2e.servers import Served, served
from tests.postgres import Server

FOOTAGE = Path(__file__).resolve().parents[2] / "ops" / "media" / "hello_720p30.mp4"
SOON = 120.0

pytestmark = pytest.mark.ffmpeg


class Pair:
    """A leader and a follower that see the same footage and write films to the same folder."""

    def __init__(self, stack: ExitStack, folder: Path, url: str) -> None:
        media, films = folder / "media", folder / "films"
        media.mkdir()
        films.mkdir()
        shutil.copy(FOOTAGE, media)
        roots = {"STOAT_LOG": url, "STOAT_MEDIA_ROOTS": str(media), "STOAT_OUTPUT_ROOTS": str(films)}
        self.leader = stack.enter_context(served(folder / "one", STOAT_EXECUTORS="1", **roots))
        self.follower = stack.enter_context(served(folder / "two", STOAT_EXECUTORS="1", **roots))
        scan = self.leader.call("POST", "/videos/scan", {"path": str(media)}).json()["job_id"]
        assert self.leader.get(f"/jobs/{scan}?wait_s=60")["status"] == "completed"
        self.source = str(media / FOOTAGE.name)

    def project(self, clips: int) -> str:
        """A project of one-second clips."""
        project: str = self.follower.call("POST", "/projects", {"name": f"of {clips}"}).json()["id"]
        self.follower.edit(project, {"op": "set_output", "width": 320, "height": 180})
        ops: list[dict[str, Any]] = [{"op": "add_track", "id": "main", "type": "video"}]
        ops += [
            {
                "op": "add_clip",
                "track": "main",
                "source": self.source,
                "at": "end",
                "in_point": n % 5,
                "out_point": n % 5 + 1,
            }
            for n in range(clips)
        ]
        response = self.follower.edit(project, *ops)
        assert response.status_code == 200, response.text
        return project

    def render(self, server: Served, project: str) -> str:
        """Start one."""
        response = server.call("POST", "/render/start", {"project_id": project, "preset": "draft"})
        assert response.status_code == 202, response.text
        job: str = response.json()["job_id"]
        return job


def ended(server: Served, job: str) -> dict[str, Any]:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        found: dict[str, Any] = server.get(f"/render/jobs/{job}")
        if found["status"] in ("completed", "failed", "cancelled"):
            return found
        time.sleep(0.2)
    raise AssertionError(found)


def facts(server: Served, job: str) -> list[str]:
    """The tags of a render's facts, in the order of the log."""
    after, found = 0, []
    while items := server.get(f"/events?after={after}&limit=200")["items"]:
        after = items[-1]["position"]
        found += [event["type"].removeprefix(TYPE_PREFIX) for event in items if event["subject"] == f"render-{job}"]
    return found


@pytest.fixture
def pair(postgres: Server, tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as stack:
        yield Pair(stack, tmp_path, postgres.database())


def test_a_job_is_made_once_whoever_is_asked_and_the_next_one_goes_on(pair: Pair) -> None:
    job = pair.render(pair.follower, pair.project(3))
    made = ended(pair.follower, job)
    assert made["status"] == "completed", made
    assert Path(made["output_path"]).is_file()
    assert pair.leader.get(f"/render/jobs/{job}") == made
    told = facts(pair.follower, job)
    assert [told.count(tag) for tag in ("render_requested.1", "render_planned.1", "render_completed.1")] == [1, 1, 1]
    assert told.count("unit_rendered.1") == made["units"]["total"]

    cancelled = pair.render(pair.leader, pair.project(60))
    assert pair.follower.call("POST", f"/render/jobs/{cancelled}/cancel").status_code == 202
    assert ended(pair.leader, cancelled)["status"] == "cancelled"
    assert not Path(pair.leader.get(f"/render/jobs/{cancelled}")["output_path"]).exists()

    orphan = pair.render(pair.follower, pair.project(12))
    while "unit_rendered.1" not in facts(pair.follower, orphan):
        time.sleep(0.05)
    pair.leader.process.kill()
    made = ended(pair.follower, orphan)
    assert made["status"] == "completed", made
    assert Path(made["output_path"]).is_file()
    told = facts(pair.follower, orphan)
    assert (told.count("render_completed.1"), told[-1]) == (1, "render_completed.1")
