"""A server without executors, with the fidelity tests' sources scanned: what is looked at waits for none."""

from collections.abc import Iterator

import pytest

from tests.http.client import Caller
from tests.http.server import serving
from tests.oracle.sources import Source, Studio

NAMES = ("web", "ntsc", "film")


@pytest.fixture(scope="session")
def sources(studio: Studio) -> tuple[Source, ...]:
    return tuple(studio[name] for name in NAMES)


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory, sources: tuple[Source, ...]) -> Iterator[Caller]:
    folder = sources[0].path.parent
    with serving(tmp_path_factory.mktemp("data"), folder) as server:
        caller = Caller(server)
        for source in sources:
            job = caller.do("POST", "/videos/scan", {"path": str(source.path)})["job_id"]
            assert caller.get(f"/jobs/{job}?wait_s=60")["status"] == "completed"
        yield caller
