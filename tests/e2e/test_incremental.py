"""What an edit costs: the plan says it beforehand, and the render then makes exactly that."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from adapters.cli.client import Api
from adapters.cli.demo.server import running_server
from adapters.cli.progress import follow

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats]

FOOTAGE = Path(__file__).resolve().parents[2] / "ops" / "media"
OUTPUT = {"width": 320, "height": 180, "fps": 30, "sample_rate": 48_000}
CLIPS, LASTING = 8, 3  # three chunks of sound


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running_server(tmp_path_factory.mktemp("place"), FOOTAGE, executors=1) as url, Api(url, actor="ann") as api:
        job = api.post("/videos/scan", {"path": str(FOOTAGE)}).body["job_id"]
        follow(api, f"/jobs/{job}", "scan", quiet=True)
        yield api


@pytest.fixture(scope="module")
def project(api: Api) -> str:
    """Eight clips of three seconds, rendered once."""
    made: str = api.post("/projects", {"name": "Many", "output": OUTPUT}).body["id"]
    edit(api, made, [{"op": "add_track", "id": "v", "type": "video"}, *(clip(n, LASTING * n) for n in range(CLIPS))])
    assert rendered(api, made) == {"segment": CLIPS, "mix": 3}
    return made


def clip(number: int, at: int) -> dict[str, Any]:
    source = str(FOOTAGE / "bunny_720p24.mp4")
    return {
        "op": "add_clip", "id": f"c{number}", "track": "v", "source": source, "at": at,
        "in_point": 2 * number, "out_point": 2 * number + LASTING,
    }  # fmt: skip


def edit(api: Api, project: str, ops: Sequence[dict[str, Any]]) -> None:
    api.post(f"/projects/{project}/edits", {"ops": ops})


def rendered(api: Api, project: str) -> Counter[str]:
    """How many units of which kind were made, as the plan had said."""
    plan = api.get("/render/plan", project_id=project, preset="draft").body
    job = api.post("/render/start", {"project_id": project, "preset": "draft"}).body["job_id"]
    units = follow(api, f"/render/jobs/{job}", "render", quiet=True).body["units"]
    assert units == {"total": plan["hits"] + plan["misses"], "reused": plan["hits"], "done": len(plan["units"])}
    estimate = plan["estimate_cpu_seconds"]
    assert estimate is None or (estimate > 0) == (plan["misses"] > 0)
    return Counter(unit["kind"] for unit in plan["units"] if not unit["hit"])


def test_nothing_changed_makes_nothing(api: Api, project: str) -> None:
    assert rendered(api, project) == {}


def test_one_clip_makes_its_segments_and_the_chunks_that_it_is_heard_in(api: Api, project: str) -> None:
    edit(api, project, [{"op": "trim_clip", "clip": "c1", "in_point": 2.5, "out_point": 5.5}])
    assert rendered(api, project) == {"segment": 1, "mix": 1}
    edit(api, project, [{"op": "trim_clip", "clip": "c3", "in_point": 6.5, "out_point": 9.5}])
    assert rendered(api, project) == {"segment": 1, "mix": 2}
    edit(api, project, [{"op": "update_clip", "clip": "c3", "fit": "cover", "transform": {"width": 0.5}}])
    assert rendered(api, project) == {"segment": 1}


def test_a_gain_makes_no_picture(api: Api, project: str) -> None:
    edit(api, project, [{"op": "update_clip", "clip": "c1", "volume": 0.5}])
    assert rendered(api, project) == {"mix": 1}
    edit(api, project, [{"op": "update_track", "track": "v", "volume": 0.5}])
    assert rendered(api, project) == {"mix": 3}


def test_what_is_put_in_front_leaves_all_pictures_behind_it(api: Api, project: str) -> None:
    behind = [{"op": "move_clip", "clip": f"c{n}", "at": LASTING * n + 1} for n in reversed(range(CLIPS))]
    edit(api, project, [*behind, clip(9, 0) | {"out_point": 19}])
    assert rendered(api, project)["segment"] == 1


def test_an_undone_edit_and_another_name_make_nothing(api: Api, project: str) -> None:
    before = rendered(api, project)
    edit(api, project, [{"op": "update_clip", "clip": "c2", "volume": 0.1, "fade_in": 1}])
    assert rendered(api, project)["segment"] == 2
    api.post(f"/projects/{project}/undo")
    assert rendered(api, project) == before == {}
    edit(api, project, [{"op": "rename_project", "name": "Other"}, {"op": "update_track", "track": "v", "name": "Up"}])
    assert rendered(api, project) == {}
