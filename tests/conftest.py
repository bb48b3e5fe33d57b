"""What every ring of tests may ask for."""

import pytest

from tests.oracle.programs import builds
from tests.oracle.sources import Studio


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """The sources of the fidelity tests, each made when a test first asks for it."""
    return Studio(tmp_path_factory.mktemp("studio"), builds()[0])
