"""Footage in the tree carries its attribution; no file names a package index or a folder of one machine."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MEDIA = ROOT / "ops" / "media"


def test_every_piece_of_footage_is_attributed() -> None:
    credits = (MEDIA / "ATTRIBUTION.md").read_text()
    unnamed = [path.name for path in MEDIA.iterdir() if path.name not in credits and path.name != "ATTRIBUTION.md"]
    assert unnamed == []


def test_no_lock_holds_an_address() -> None:
    for name in ("ops/requirements.txt", "ops/requirements-dev.txt"):
        assert "://" not in (ROOT / name).read_text()


def test_every_pinned_package_has_a_hash() -> None:
    for name in ("ops/requirements.txt", "ops/requirements-dev.txt"):
        for entry in (ROOT / name).read_text().replace("\\\n", " ").splitlines():
            assert "--hash=sha256:" in entry, entry


def test_scripts_are_executable() -> None:
    argv = ["git", "ls-files", "-s", "ops", ".ci"]
    listing = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    modes = {line.split("\t")[1]: line.split()[0] for line in listing.splitlines()}
    for name in ("ops/setup", "ops/demo", "ops/test", "ops/lock", ".ci/run"):
        assert modes[name] == "100755", name
