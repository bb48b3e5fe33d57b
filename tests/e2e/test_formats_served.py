"""Every preset by a real server: its units go over NATS to an executor, and the film comes back over HTTP."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import pytest

from adapters.cli.client import Api
from adapters.cli.demo.server import running_server
from adapters.cli.progress import follow
from domain.render.formats.presets import PRESETS
from tests.e2e.test_incremental import FOOTAGE, OUTPUT, edit

pytestmark = [pytest.mark.ffmpeg, pytest.mark.nats]

MORE: list[dict[str, Any]] = [
    {"preset": "standard", "settings": {"target_size": 40_000}},
    {"preset": "standard", "settings": {"container": "mkv", "audio_codec": "flac"}},
    {"preset": "web", "range": {"start": 0.25, "end": 0.75}},
]


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    with running_server(tmp_path_factory.mktemp("place"), FOOTAGE, executors=1) as url, Api(url, actor="ann") as api:
        job = api.post("/videos/scan", {"path": str(FOOTAGE)}).body["job_id"]
        follow(api, f"/jobs/{job}", "scan", quiet=True)
        yield api


@pytest.fixture(scope="module")
def project(api: Api) -> str:
    """A second of picture and sound."""
    made: str = api.post("/projects", {"name": "Short", "output": OUTPUT}).body["id"]
    source = str(FOOTAGE / "hello_720p30.mp4")
    lay = {"op": "add_clip", "track": "v", "source": source, "at": 0, "out_point": 1}
    edit(api, made, [{"op": "add_track", "id": "v", "type": "video"}, lay])
    return made


@pytest.mark.parametrize("wish", [{"preset": name} for name in PRESETS] + MORE, ids=lambda wish: str(wish))
def test_a_film_is_made_and_fetched(wish: dict[str, Any], api: Api, project: str) -> None:
    job = api.post("/render/start", {"project_id": project, **wish}).body["job_id"]
    done = follow(api, f"/render/jobs/{job}", "render", quiet=True).body
    assert (done["status"], done["preset"]) == ("completed", wish["preset"])
    output = api.get(f"/render/jobs/{job}/manifest").body["output"]
    fetched = httpx2.get(f"{api.url}/api/v1/render/jobs/{job}/output", follow_redirects=True, timeout=30)
    assert fetched.status_code == 200
    if Path(output["path"]).is_dir():
        assert fetched.content == (Path(output["path"]) / str(fetched.url).rpartition("/")[2]).read_bytes()
    else:
        assert sha256(fetched.content).hexdigest() == output["sha256"]
