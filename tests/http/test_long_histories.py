"""A long history is read while others are answered: never in the thread that answers everybody."""

import threading
from pathlib import Path
from typing import Any

import pytest

from adapters.app.heads import Heads
from tests.http.client import Caller, read
from tests.http.server import serving

EDITS = 60


def test_no_request_reads_a_history_where_all_are_answered(
    tmp_path: Path, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = Heads._history
    readers: list[str] = []

    def noted(self: Heads, stream: str, version: int) -> Any:
        readers.append(threading.current_thread().name)
        return reading(self, stream, version)

    monkeypatch.setattr(Heads, "_history", noted)
    with serving(tmp_path / "data", media) as running:
        api = Caller(running)
        project = api.project()
        for number in range(EDITS):
            api.edit(project, {"op": "rename_project", "name": f"n{number}"})
        fork = api.do("POST", f"/projects/{project}/fork", {"name": "other"})["id"]
        api.edit(fork, {"op": "rename_project", "name": "merged"})
        renamed = api.get(f"/projects/{project}/history?limit=500")["items"][1]["edit_id"]
        track = {"ops": [{"op": "add_track", "id": "late", "type": "video"}]}
        asks: list[tuple[str, str, Any]] = [
            ("GET", "/history", None),
            ("GET", f"/history?version={EDITS}", None),
            ("GET", "/blame?t=0", None),
            ("GET", f"/blame?t=0&version={EDITS}", None),
            ("GET", "/diff", None),
            ("GET", f"/diff?to={EDITS}", None),
            ("POST", "/undo", {"dry_run": True}),
            ("POST", "/revert", {"edit_id": renamed, "dry_run": True}),
            ("POST", "/merge", {"source": fork, "dry_run": True}),
            ("POST", "/what-if", {"edit_id": renamed, **track, "dry_run": True}),
        ]
        for method, path, body in asks:
            running.behind.projects._heads._heads.clear()  # as long as nobody has asked for it lately
            before = len(readers)
            read(api.send(method, f"/projects/{project}{path}", body))
            assert len(readers) > before, path
        assert running.thread not in readers
