"""What every ring of tests may ask for."""

from collections.abc import Iterator

import pytest

from tests.oracle.programs import builds
from tests.oracle.sources import Studio
from tests.postgres import Server, server


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """The sources of the fidelity tests, each made when a test first asks for it."""
    return Studio(tmp_path_factory.mktemp("studio"), builds()[0])


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the tests that need no server of their own."""
    with server() as running:
        yield running
