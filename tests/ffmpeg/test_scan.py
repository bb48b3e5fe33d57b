"""A scan brings the library up to date with a folder, twice is once, and stopping it loses nothing that was found."""

import asyncio
import os
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from adapters.ffmpeg.locate import locate
from adapters.media.paths import MediaRoots
from adapters.media.scan import Report, Scan
from domain.errors import Refused
from domain.ids import MediaId
from domain.library.events import LibraryFact, MediaFound, MediaRemoved
from domain.library.shelf import Shelf
from tests.ffmpeg.footage import SHIPPED, make, picture, tone

pytestmark = pytest.mark.ffmpeg


class Desk:
    """A library in memory, and scans of one root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.shelf = Shelf()
        self.facts: list[LibraryFact] = []
        self.heard: list[tuple[int, int]] = []
        self.first = asyncio.get_running_loop().create_future()
        self._numbers = count(1)

    def hear(self, report: Report) -> None:
        self.heard.append((report.scanned, report.total))
        if not self.first.done():
            self.first.set_result(None)

    async def settle(self, decision: Callable[[Shelf], list[LibraryFact]]) -> list[LibraryFact]:
        facts = decision(self.shelf)
        for fact in facts:
            self.shelf.apply(fact)
        self.facts += facts
        await asyncio.sleep(0)
        return facts

    async def scan(self, path: str | Path | None = None, recursive: bool = True) -> Report:
        scan = Scan(
            MediaRoots([self.root]),
            locate(),
            self.shelf,
            self.settle,
            lambda: MediaId(f"m{next(self._numbers)}"),
            self.hear,
        )
        self.facts = []
        return await scan.run(str(path or self.root), recursive=recursive)

    def at(self, name: str) -> str:
        known = self.shelf.at(str(self.root / name))
        return known.status if known else "unknown"


def programs_running() -> list[str]:
    """The names of those children of this process that are FFmpeg's: other tests keep children of their own."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    names = [Path(f"/proc/{child}/comm").read_text().strip() for child in children]
    return [name for name in names if name.startswith("ff")]


def counts(report: Report) -> dict[str, int]:
    return {
        name: n for name, n in vars(report).items() if isinstance(n, int) and n and name not in ("total", "scanned")
    }


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    root = tmp_path / "media"
    (root / "sub").mkdir(parents=True)
    make(root / "tone.wav", *tone("0.2"))
    make(root / "film.mkv", *picture(seconds="0.2"))
    shutil.copy(SHIPPED / "still_photo.jpg", root / "sub" / "photo.jpg")
    (root / "readme.txt").write_text("not media\n")
    return Desk(root)


async def test_the_same_scan_twice_appends_nothing(desk: Desk) -> None:
    first = await desk.scan()
    assert counts(first) == {"new": 3, "ignored": 1}
    assert first.scanned == first.total == 4
    assert all(isinstance(fact, MediaFound) and fact.media == fact.description.content.id for fact in desk.facts)
    assert counts(await desk.scan()) == {"unchanged": 3, "ignored": 1}
    assert desk.facts == []
    assert desk.heard[0][1] == 4


async def test_a_flat_scan_stays_in_its_folder_and_loses_nothing_below(desk: Desk) -> None:
    await desk.scan()
    assert counts(await desk.scan(recursive=False)) == {"unchanged": 2, "ignored": 1}
    assert desk.at("sub/photo.jpg") == "ready"


async def test_one_file_can_be_scanned(desk: Desk) -> None:
    assert counts(await desk.scan(desk.root / "film.mkv")) == {"new": 1}


async def test_what_moved_changed_was_lost_and_came_back(desk: Desk) -> None:
    await desk.scan()
    known = desk.shelf.at(str(desk.root / "film.mkv"))
    assert known
    (desk.root / "film.mkv").rename(desk.root / "sub" / "renamed.mkv")
    make(desk.root / "tone.wav", *tone("0.4"))
    (desk.root / "sub" / "photo.jpg").rename(desk.root.parent / "photo.jpg")
    assert counts(await desk.scan()) == {"moved": 1, "changed": 1, "lost": 1, "ignored": 1}
    assert desk.shelf.files[known.media].path == str(desk.root / "sub" / "renamed.mkv")
    (desk.root.parent / "photo.jpg").rename(desk.root / "elsewhere.jpg")
    assert counts(await desk.scan()) == {"moved": 1, "unchanged": 2, "ignored": 1}
    assert len(desk.shelf.files) == 3


async def test_a_touched_file_is_read_again_and_stays_what_it_is(desk: Desk) -> None:
    await desk.scan()
    os.utime(desk.root / "tone.wav", ns=(5, 5))
    assert counts(await desk.scan()) == {"unchanged": 3, "ignored": 1}
    assert [type(fact).__name__ for fact in desk.facts] == ["MediaTouched"]
    await desk.scan()
    assert desk.facts == []


async def test_what_claims_to_be_media_and_is_not_is_named_and_noted_once(desk: Desk) -> None:
    (desk.root / "fake.mp4").write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n")
    (desk.root / "link.mp4").symlink_to("/etc/passwd")
    os.mkfifo(desk.root / "pipe.mp4")
    (desk.root / ".note.mp4").touch()
    report = await desk.scan()
    assert counts(report) == {"new": 3, "ignored": 1, "refused": 3, "hidden": 1}
    assert (report.total, report.scanned) == (7, 7)
    assert report.refused_by_code == {"path_not_allowed": 2, "media_unreadable": 1}
    reasons = {Path(refused["path"]).name: refused["reason"] for refused in report.refused_files}
    assert reasons["fake.mp4"] == "It is a playlist, which is never followed"
    assert "symbolic link" in reasons["link.mp4"]
    assert "pipe" in reasons["pipe.mp4"]
    assert desk.at("fake.mp4") == "refused"
    again = await desk.scan()
    assert counts(again) == {"unchanged": 3, "ignored": 1, "refused": 3, "hidden": 1}
    assert desk.facts == []
    make(desk.root / "fake.mp4", *tone("0.2"))
    assert counts(await desk.scan()) == {"new": 1, "unchanged": 3, "ignored": 1, "refused": 2, "hidden": 1}
    assert desk.at("fake.mp4") == "ready"


async def test_a_removed_file_comes_back_with_the_next_scan(desk: Desk) -> None:
    await desk.scan()
    known = desk.shelf.at(str(desk.root / "tone.wav"))
    assert known
    desk.shelf.apply(MediaRemoved(known.media))
    assert counts(await desk.scan()) == {"new": 1, "unchanged": 2, "ignored": 1}
    assert desk.facts[0].media == known.media


async def test_copies_found_at_the_same_time_are_two_files_and_one_of_them_may_be_the_one_that_moved(
    desk: Desk,
) -> None:
    await desk.scan()
    known = desk.shelf.at(str(desk.root / "tone.wav"))
    assert known
    shutil.copy(desk.root / "tone.wav", desk.root / "a.wav")
    shutil.move(desk.root / "tone.wav", desk.root / "b.wav")
    assert counts(await desk.scan()) == {"moved": 1, "new": 1, "unchanged": 2, "ignored": 1}
    assert desk.shelf.files[known.media].status == "ready"


async def test_what_may_not_be_scanned_is_refused_and_changes_nothing(desk: Desk) -> None:
    for path, code in (
        ("/etc", "path_not_allowed"),
        ("media", "path_not_allowed"),
        (f"{desk.root}/none", "media_missing"),
        (f"{desk.root}/../", "path_not_allowed"),
    ):
        with pytest.raises(Refused) as refused:
            await desk.scan(path)
        assert refused.value.code == code
    assert desk.facts == []


async def test_a_stopped_scan_keeps_what_it_found_and_leaves_no_program_behind(desk: Desk) -> None:
    for n in range(6):
        shutil.copy(SHIPPED / "city_405p25_silent.mpg", desk.root / f"{n}.mpg")
    task = asyncio.create_task(desk.scan())
    await desk.first
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    found = len(desk.shelf.files)
    assert 0 <= found < 9
    assert programs_running() == []
    assert (await desk.scan()).total == 10
    assert len(desk.shelf.files) == 9
