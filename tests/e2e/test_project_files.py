"""Project files on disk: what the log says, a second later, and again after any damage."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from adapters.projectfiles.folder import VERSIONS_KEPT, Folder, folder_name
from tests.http.client import Caller
from tests.http.server import serving


def soon(condition: Callable[[], Any]) -> Any:
    """What the condition gives once it is true."""
    for _ in range(200):
        try:
            if found := condition():
                return found
        except (OSError, ValueError):
            pass
        time.sleep(0.05)
    raise AssertionError("it did not come true in ten seconds")


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


def test_so_many_versions_are_kept_and_no_more(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "x", "p")
    for version in range(1, VERSIONS_KEPT + 10):
        folder.write(document(version), b"[]")
    kept = sorted(file.name for file in (folder.path / ".versions").iterdir())
    assert (len(kept), kept[0], kept[-1]) == (VERSIONS_KEPT, "v009.json", "v058.json")


def test_a_damaged_file_and_a_stranger_are_not_kept_as_versions(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "x", "p")
    for there in (b"{", json.dumps({"id": "other", "version": 7}).encode(), document(3)):
        folder.path.mkdir(exist_ok=True)
        (folder.path / "project.json").write_bytes(there)
        folder.write(document(3), b"[]")
    assert list((folder.path / ".versions").iterdir()) == []
    (folder.path / "notes.txt").write_text("mine")
    folder.remove()
    assert [file.name for file in folder.path.iterdir()] == ["notes.txt"]
