"""The top level is the customer's, and every tool's file there is named here."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"domain", "rust_core", "projections", "adapters", "tests", "ops"}
FILES = {"pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore", ".ci"}


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name]


def test_the_top_level_holds_the_six_rooms_and_nothing_unnamed() -> None:
    top = {name.split("/", 1)[0] for name in tracked()}
    assert top == ROOMS | FILES


def test_a_file_has_one_job() -> None:
    sources = [ROOT / name for name in tracked() if name.endswith((".py", ".rs"))]
    long = {str(path.relative_to(ROOT)): lines for path in sources if (lines := _lines(path)) > 400}
    assert long == {}


def _lines(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0


def test_every_package_opens_with_its_single_job() -> None:
    rooms = ("domain/", "projections/", "adapters/", "rust_core/", "ops/")
    modules = [ROOT / name for name in tracked() if name.startswith(rooms) and name.endswith(".py")]
    silent = [str(path) for path in modules if path.exists() and not path.read_text().lstrip().startswith('"""')]
    assert silent == []
