"""Nothing outside the media roots is opened, and only plain files are: with openat2 and without it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.media import beneath
from adapters.media.paths import MediaRoots
from adapters.media.walk import walk
from domain.errors import Refused


@pytest.fixture(params=["openat2", "step by step"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Both ways to open below a folder."""
    if request.param == "step by step":
        monkeypatch.setattr(beneath, "_openat2", lambda *_: (_ for _ in ()).throw(OSError(38, "no such call")))
    yield


@pytest.fixture
def root(tmp_path: Path, way: None) -> Path:
    root = tmp_path / "media"
    (root / "sub").mkdir(parents=True)
    (root / "a.mp4").write_bytes(b"inside")
    (root / "sub" / "b.mp4").write_bytes(b"below")
    (tmp_path / "secret.mp4").write_bytes(b"outside")
    (tmp_path / "media2").mkdir()
    (tmp_path / "media2" / "c.mp4").write_bytes(b"beside")
    return root


def content(roots: MediaRoots, path: str) -> bytes:
    with roots.open(path) as file:
        return os.read(file.descriptor, 100)


def code_of(roots: MediaRoots, path: str) -> str:
    with pytest.raises(Refused) as refused:
        roots.open(path)
    return refused.value.code


def test_a_file_below_a_root_opens(root: Path) -> None:
    roots = MediaRoots([root])
    assert content(roots, f"{root}/a.mp4") == b"inside"
    assert content(roots, f"{root}/sub/b.mp4") == b"below"


def test_the_descriptor_is_what_was_checked_and_a_program_can_read_it(root: Path) -> None:
    with MediaRoots([root]).open(f"{root}/a.mp4") as file:
        (root / "a.mp4").unlink()
        (root / "a.mp4").symlink_to(root.parent / "secret.mp4")
        assert Path(file.argument.removeprefix("file:")).read_bytes() == b"inside"


@pytest.mark.parametrize(
    "name",
    [
        "-i.mp4",
        "a:b.mp4",
        "%03d.mp4",
        "new\nline.mp4",
        "concat:a|b.mp4",
        "file:x.mp4",
        "ü 😀.mp4",
        "'\"\\;$(id).mp4",
        "*",
    ],
)
def test_an_odd_name_is_only_a_name(root: Path, name: str) -> None:
    (root / name).write_bytes(name.encode())
    with MediaRoots([root]).open(f"{root}/{name}") as file:
        assert os.read(file.descriptor, 100) == name.encode()
        assert file.argument == f"file:/dev/fd/{file.descriptor}"


def test_everything_outside_is_refused_in_the_same_words(root: Path) -> None:
    roots = MediaRoots([root])
    outside = [
        "/etc/passwd",
        "/nowhere/at/all",
        f"{root}/../secret.mp4",
        f"{root.parent}/media2/c.mp4",
        f"{root}2/c.mp4",
    ]
    answers = set()
    for path in outside:
        with pytest.raises(Refused) as refused:
            roots.open(path)
        answers.add((refused.value.code, refused.value.message))
    assert len(answers) == 1
    assert answers.pop()[0] == "path_not_allowed"


@pytest.mark.parametrize(
    "path", ["", "a.mp4", "./a.mp4", "/m\0", "/m/\udcff.mp4", "/" + "x/" * 3000, "http://host/a.mp4"]
)
def test_what_is_no_absolute_path_is_refused(root: Path, path: str) -> None:
    assert code_of(MediaRoots([root]), path) == "path_not_allowed"


def test_links_are_never_followed(root: Path) -> None:
    (root / "out.mp4").symlink_to(root.parent / "secret.mp4")
    (root / "in.mp4").symlink_to("a.mp4")
    (root / "up").symlink_to("..")
    (root / "etc").symlink_to("/etc")
    (root / "dangling.mp4").symlink_to("nothing")
    roots = MediaRoots([root])
    for name in ("out.mp4", "in.mp4", "up/secret.mp4", "up/media/a.mp4", "etc/passwd", "dangling.mp4"):
        assert code_of(roots, f"{root}/{name}") == "path_not_allowed", name


def test_a_magic_link_is_never_followed(root: Path) -> None:
    with (root.parent / "secret.mp4").open() as secret:
        assert code_of(MediaRoots([Path("/proc/self")]), f"/proc/self/fd/{secret.fileno()}") == "path_not_allowed"


def test_only_plain_files_open_and_nothing_waits(root: Path) -> None:
    os.mkfifo(root / "pipe.mp4")
    (root / "folder.mp4").mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "socket.mp4"))
        roots = MediaRoots([root])
        for name in ("pipe.mp4", "folder.mp4", "socket.mp4"):
            assert code_of(roots, f"{root}/{name}") == "path_not_allowed", name
            assert not roots.is_there(f"{root}/{name}")


def test_a_device_is_refused(way: None) -> None:
    roots = MediaRoots([Path("/dev")])
    assert code_of(roots, "/dev/zero") == "path_not_allowed"


def test_what_is_missing_below_a_root_is_missing(root: Path) -> None:
    roots = MediaRoots([root])
    assert code_of(roots, f"{root}/none.mp4") == "media_missing"
    assert code_of(roots, f"{root}/a.mp4/b") == "path_not_allowed"
    assert not roots.is_there(f"{root}/none.mp4")
    assert roots.is_there(f"{root}/a.mp4")


def test_a_root_given_by_a_link_works_and_paths_are_spelt_as_the_disk_does(root: Path) -> None:
    alias = root.parent / "alias"
    alias.symlink_to(root)
    with MediaRoots([alias]).open(f"{alias}/sub/b.mp4") as file:
        assert file.path == f"{root.resolve()}/sub/b.mp4"
        assert content(MediaRoots([alias]), file.path) == b"below"


@pytest.mark.parametrize("folder", ["", ".", "media", "/", "/nowhere/at/all"])
def test_a_root_that_would_mean_everything_or_nothing_is_refused(folder: str) -> None:
    with pytest.raises(ValueError, match=r"root|folder"):
        MediaRoots([Path(folder)])


def test_without_roots_nothing_is_allowed(root: Path) -> None:
    assert code_of(MediaRoots([]), f"{root}/a.mp4") == "path_not_allowed"


def test_a_walk_follows_nothing_and_names_what_it_left_out(root: Path) -> None:
    (root / "etc").symlink_to("/etc")
    (root / "loop").symlink_to(".")
    (root / ".hidden.mp4").write_bytes(b"x")
    os.mkfifo(root / "pipe.mp4")
    (Path(os.fsdecode(os.fsencode(root) + b"/bad\xff.mp4"))).write_bytes(b"x")
    found = walk(MediaRoots([root]), str(root), recursive=True)
    assert [seen.path for seen in found.files] == [f"{root}/a.mp4", f"{root}/sub/b.mp4"]
    assert {path.removeprefix(f"{root}/") for path, _ in found.refused} == {"etc", "loop", "pipe.mp4", r"bad\xff.mp4"}
    flat = walk(MediaRoots([root]), str(root), recursive=False)
    assert [seen.path for seen in flat.files] == [f"{root}/a.mp4"]
