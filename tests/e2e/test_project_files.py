"""Project files on disk: what the log says, a second later, and again after any damage."""

import json
import re
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.projectfiles import mirror
from adapters.projectfiles.folder import VERSIONS_KEPT, Folder, folder_name, remove
from tests.http.client import Caller, soon
from tests.http.server import serving

STILL = Path(__file__).resolve().parents[2] / "ops" / "media" / "still_photo.jpg"


def read(file: Path) -> Any:
    return json.loads(file.read_bytes())


def test_the_files_follow_the_log_and_mend_themselves(tmp_path: Path) -> None:
    root = tmp_path / "data" / "projects"
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        project = api.do("POST", "/projects", {"name": "Größe: my *first* cut"})["id"]
        folder = root / folder_name("Größe: my *first* cut", project)
        assert folder.name.startswith("groe-my-first-cut-")
        soon(lambda: read(folder / "project.json")["version"] == 1)
        api.edit(project, {"op": "add_track", "id": "v", "type": "video"})
        soon(lambda: read(folder / "project.json")["version"] == 2)
        assert read(folder / "project.json") == json.loads(api.send("GET", f"/projects/{project}").text)
        assert read(folder / ".versions" / "v001.json")["tracks"] == []
        assert read(folder / "assets.json") == []
        api.edit(project, {"op": "rename_project", "name": "Second"})
        renamed = root / folder_name("Second", project)
        soon(lambda: read(renamed / "project.json")["name"] == "Second")
        assert not folder.exists()
    (renamed / "project.json").write_bytes(b'{"id": "')
    (renamed / "assets.json").unlink()
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        soon(lambda: read(renamed / "project.json")["name"] == "Second")
        assert soon(lambda: (renamed / "assets.json").exists())
        api.do("DELETE", f"/projects/{project}")
        soon(lambda: not renamed.exists())


def document(version: int) -> bytes:
    return json.dumps({"id": "p", "version": version}).encode()


def test_versions_that_are_not_as_they_were_put_are_lacking_and_others_go(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "x", "p")
    folder.write(document(9), b"[]")
    for version in (3, 4, 5, 6):
        folder.keep(version, document(version), version)
    versions = folder.path / ".versions"
    (versions / "v004.json").write_bytes(document(4))
    (versions / "v006.json").unlink()
    (versions / ".v007.json.new").write_text("half a")
    assert folder.lacking({4: 4, 5: 5, 6: 6}) == [4, 6]
    assert sorted(file.name for file in versions.iterdir()) == ["v004.json", "v005.json"]


def test_what_is_not_of_the_project_stays(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "x", "p")
    folder.write(document(2), b"[]")
    folder.keep(1, document(1), 1)
    (folder.path / "notes.txt").write_text("mine")
    (folder.path / ".project.json.new").write_text("half a")
    remove(tmp_path, "p")
    assert [file.name for file in folder.path.iterdir()] == ["notes.txt"]


@given(st.text(max_size=200))
def test_any_name_makes_a_plain_folder_name(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?-[a-z2-7]{8}", folder_name(name, "p"))
    assert folder_name(name, "p") != folder_name(name, "q")


@pytest.mark.parametrize("name", ["../../etc", "CON", ".", "a/b\\c:d*?", "\u202e", "🎬", "-", "x" * 200])
def test_projects_of_one_hostile_name_live_side_by_side(name: str, tmp_path: Path) -> None:
    for project in ("p", "q"):
        Folder(tmp_path, name, project).write(json.dumps({"id": project, "version": 1}).encode(), b"[]")
    assert sorted(read(folder / "project.json")["id"] for folder in tmp_path.iterdir()) == ["p", "q"]


def killed_while_writing(folder: Path) -> None:
    (folder / ".project.json.new").write_bytes(b'{"id": ')
    (folder / "project.json").write_bytes(b"")


def changed_by_hand(folder: Path) -> None:
    for file in (folder / "project.json", folder / ".versions" / "v001.json"):
        file.write_text(file.read_text().replace("First", "Mine"))


def earlier_ones_gone(folder: Path) -> None:
    shutil.rmtree(folder / ".versions")


def everything_gone(folder: Path) -> None:
    shutil.rmtree(folder)


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.endswith(".new"))
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("harm", [killed_while_writing, changed_by_hand, earlier_ones_gone, everything_gone])
def test_whatever_became_of_the_files_the_log_makes_them_again(
    harm: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "PATROL", 0.2)
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        project = api.do("POST", "/projects", {"name": "First"})["id"]
        folder = tmp_path / "data" / "projects" / folder_name("First", project)
        api.edit(project, {"op": "add_track", "id": "v", "type": "video"})
        soon(lambda: (folder / ".versions" / "v001.json").exists())
        whole = contents(folder)
        assert set(whole) == {"project.json", "assets.json", ".versions/v001.json"}
        harm(folder)
        soon(lambda: contents(folder) == whole)
    harm(folder)
    with serving(tmp_path / "data", tmp_path):
        soon(lambda: contents(folder) == whole)


def test_edits_go_on_while_files_are_written_and_overtaken_versions_come_after(tmp_path: Path) -> None:
    with serving(tmp_path / "data", tmp_path) as running:
        api = Caller(running)
        project = api.do("POST", "/projects", {"name": "Quick"})["id"]
        folder = tmp_path / "data" / "projects" / folder_name("Quick", project)
        soon(lambda: read(folder / "project.json")["version"] == 1)
        begun, go_on, looked = threading.Event(), threading.Event(), running.behind.projects.see_apart

        def slowly(name: str, version: int | None = None) -> Any:
            begun.set()
            assert go_on.wait(30)
            return looked(name, version)

        running.behind.projects.see_apart = slowly  # type: ignore[method-assign]
        api.edit(project, {"op": "rename_project", "name": "Quick!"})
        assert begun.wait(10)
        made = [api.edit(project, {"op": "rename_project", "name": f"Quick{'!' * number}"}) for number in range(60)]
        go_on.set()
        newest = made[-1]["version"]
        versions = folder / ".versions"
        kept = [f"v{version:03}.json" for version in range(newest - VERSIONS_KEPT, newest)]
        soon(lambda: sorted(file.name for file in versions.iterdir()) == kept)
        assert read(folder / "project.json")["version"] == newest
        for version in (newest - VERSIONS_KEPT, newest - 1):
            then = json.loads(api.send("GET", f"/projects/{project}?version={version}").text)
            assert read(versions / f"v{version:03}.json") == then


def test_the_list_of_files_follows_the_library(tmp_path: Path) -> None:
    media = tmp_path / "media"
    media.mkdir()
    shutil.copy(STILL, media / "a.jpg")
    with serving(tmp_path / "data", media) as running:
        api = Caller(running)

        def scan() -> None:
            job = api.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
            assert api.get(f"/jobs/{job}?wait_s=30")["status"] == "completed"

        scan()
        project = api.project()
        api.edit(project, {"op": "add_clip", "track": "v", "source": str(media / "a.jpg"), "at": 0, "out_point": 1})
        (folder,) = soon(lambda: list((tmp_path / "data" / "projects").iterdir()))
        soon(lambda: read(folder / "assets.json")[0]["path"] == str(media / "a.jpg"))
        (media / "a.jpg").rename(media / "b.jpg")
        scan()
        soon(lambda: read(folder / "assets.json")[0]["path"] == str(media / "b.jpg"))
