"""A film appears at its path whole, never over anything and never through a link."""

import os
import resource
from pathlib import Path

import pytest

from adapters.media.outputs import OutputRoots
from domain.errors import Refused


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "renders"
    root.mkdir()
    return root


@pytest.fixture
def film(tmp_path: Path) -> Path:
    film = tmp_path / "made.mp4"
    film.write_bytes(b"film")
    return film


def code_of(root: Path, path: str, owner: str = "job2") -> str:
    with pytest.raises(Refused) as refused:
        OutputRoots([root]).reserve(path, owner)
    return refused.value.code


def test_a_film_appears_under_its_name_and_nothing_else_stays(root: Path, film: Path) -> None:
    reservation = OutputRoots([root]).reserve(f"{root}/out.mp4", "job1")
    assert not Path(reservation.path).exists()
    reservation.publish(film)
    assert {path.name: path.read_bytes() for path in root.iterdir()} == {"out.mp4": b"film"}


def test_a_film_from_another_file_system_is_copied_and_appears_whole(root: Path) -> None:
    other = Path("/dev/shm") / f"stoat-test-{os.getpid()}"
    if not other.parent.is_dir() or other.parent.stat().st_dev == root.stat().st_dev:
        other = root.parent / "same-disk"
    other.write_bytes(b"film")
    try:
        OutputRoots([root]).reserve(f"{root}/out.mp4", "job1").publish(other)
        assert {path.name: path.read_bytes() for path in root.iterdir()} == {"out.mp4": b"film"}
    finally:
        other.unlink(missing_ok=True)


def test_nothing_is_ever_replaced(root: Path, film: Path) -> None:
    (root / "there.mp4").write_bytes(b"old")
    (root / "link.mp4").symlink_to("/nowhere")
    assert code_of(root, f"{root}/there.mp4") == "output_exists"
    assert code_of(root, f"{root}/link.mp4") == "output_exists"
    reservation = OutputRoots([root]).reserve(f"{root}/late.mp4", "job1")
    (root / "late.mp4").write_bytes(b"somebody was faster")
    with pytest.raises(Refused, match="output_exists"):
        reservation.publish(film)
    assert (root / "late.mp4").read_bytes() == b"somebody was faster"
    assert film.exists()


def test_a_name_is_kept_for_one_job_which_may_come_back_for_it(root: Path, film: Path) -> None:
    OutputRoots([root]).reserve(f"{root}/out.mp4", "job1")
    assert code_of(root, f"{root}/out.mp4", "job2") == "output_exists"
    OutputRoots([root]).reserve(f"{root}/out.mp4", "job1").publish(film)
    assert (root / "out.mp4").read_bytes() == b"film"


def test_a_released_name_is_free(root: Path) -> None:
    first = OutputRoots([root]).reserve(f"{root}/out.mp4", "job1")
    first.release()
    first.release()
    assert list(root.iterdir()) == []
    OutputRoots([root]).reserve(f"{root}/out.mp4", "job2").release()


def test_nothing_is_written_outside(root: Path, tmp_path: Path) -> None:
    (root / "up").symlink_to("..")
    (root / "file").write_bytes(b"x")
    for path in (
        f"{tmp_path}/out.mp4",
        f"{root}/../out.mp4",
        f"{root}/up/out.mp4",
        f"{root}/none/out.mp4",
        f"{root}/file/out.mp4",
        f"{root}",
        "out.mp4",
        "tee:out.mp4",
        f"{root}/{'x' * 201}",
    ):
        assert code_of(root, path) == "path_not_allowed", path
    assert not (tmp_path / "out.mp4").exists()


def test_a_folder_that_becomes_a_link_meanwhile_changes_nothing(root: Path, tmp_path: Path, film: Path) -> None:
    (root / "sub").mkdir()
    reservation = OutputRoots([root]).reserve(f"{root}/sub/out.mp4", "job1")
    (root / "sub").rename(root / "moved")
    (root / "sub").symlink_to(tmp_path)
    reservation.publish(film)
    assert (root / "moved" / "out.mp4").read_bytes() == b"film"
    assert not (tmp_path / "out.mp4").exists()


def test_a_claim_that_does_not_fit_is_refused_and_blocks_nobody(root: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        code = code_of(root, f"{root}/out.mp4", "job1")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (code, list(root.iterdir())) == ("storage_full", [])
    OutputRoots([root]).reserve(f"{root}/out.mp4", "job2").release()


@pytest.mark.parametrize("left", ["", "job1"])
def test_a_claim_of_a_job_that_is_no_more_blocks_nobody(root: Path, left: str) -> None:
    (root / ".out.mp4.claim").write_text(left)
    assert code_of(root, f"{root}/out.mp4") == "output_exists"
    OutputRoots([root]).reserve(f"{root}/out.mp4", "job2", is_open=lambda job: job == "job2")
    assert (root / ".out.mp4.claim").read_text() == "job2"
