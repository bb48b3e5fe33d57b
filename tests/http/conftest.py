"""One server for the folder's tests, with a small library scanned."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.client import Caller
from tests.http.server import Running, serving

FOOTAGE = Path(__file__).resolve().parents[2] / "ops" / "media"
NAMES = ("hello_720p30.mp4", "bunny_music.m4a", "still_photo.jpg", "city_405p25_silent.mpg")


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A media root."""
    folder = tmp_path_factory.mktemp("media")
    for name in NAMES:
        shutil.copy(FOOTAGE / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, media: Path) -> Iterator[Running]:
    """The server, its library scanned."""
    with serving(tmp_path_factory.mktemp("data"), media) as server:
        caller = Caller(server)
        job = caller.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
        assert caller.get(f"/jobs/{job}?wait_s=60")["status"] == "completed"
        yield server


@pytest.fixture
def api(running: Running) -> Caller:
    """A caller of it."""
    return Caller(running)


@pytest.fixture
def film(media: Path) -> str:
    """The path of a source with picture and sound, 8 s long."""
    return str(media / "hello_720p30.mp4")
