"""A full disk under the whole server: edits are refused honestly, reads go on, nothing is half done."""

import threading
from pathlib import Path

import pytest

from tests.http.client import Caller
from tests.http.server import Running, serving


def limit_pages(running: Running, pages: int) -> None:
    """Let the log's file grow by so many pages more, as a disk with so much room would."""
    write = running.behind.log._database.write
    write(lambda c: c.pragma("max_page_count", c.pragma("page_count") + pages)).result(20)


def test_writers_on_a_full_disk_are_refused_and_go_on_when_there_is_room(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    with serving(tmp_path / "data", tmp_path / "media") as running:
        api = Caller(running)
        project = api.project()
        limit_pages(running, 2)
        codes: list[tuple[int, str]] = []

        def push(number: int) -> None:
            caller = Caller(running, actor=f"writer-{number}")
            for step in range(6):
                ops = [
                    {"op": "rename_project", "name": f"{number}-{step}-{filler}" + "x" * 150} for filler in range(20)
                ]
                response = caller.send("POST", f"/projects/{project}/edits", {"ops": ops})
                codes.append((response.status_code, response.json().get("code", "")))

        threads = [threading.Thread(target=push, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(codes) <= {(200, ""), (507, "storage_full")}
        assert (507, "storage_full") in codes
        accepted = codes.count((200, ""))
        assert api.get(f"/projects/{project}")["version"] == 3 + 20 * accepted
        limit_pages(running, 10_000)
        assert api.edit(project, {"op": "rename_project", "name": "room again"})["version"] == 4 + 20 * accepted


def test_a_second_server_on_the_same_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    with serving(tmp_path / "data", tmp_path / "media") as running:
        api = Caller(running)
        with pytest.raises(Exception, match="log_unavailable"), serving(tmp_path / "data", tmp_path / "media"):
            pass
        assert api.project()
