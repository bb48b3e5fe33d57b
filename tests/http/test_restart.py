"""What was accepted is there after a restart, and so is everything that can be undone."""

from pathlib import Path

import apsw

from adapters.app.versions import SNAPSHOT_EVERY
from rust_core import FOLD_FINGERPRINT
from tests.http.client import Caller, refused
from tests.http.server import serving


def test_edits_undo_and_keys_survive(tmp_path: Path, media: Path) -> None:
    data = tmp_path / "data"
    with serving(data, media) as running:
        api = Caller(running)
        project = api.project()
        api.edit(project, {"op": "rename_project", "name": "kept"})
        api.edit(project, {"op": "rename_project", "name": "undone"})
        api.do("POST", f"/projects/{project}/undo")
        keyed = api.send("POST", f"/projects/{project}/tracks", {"type": "audio"}, Idempotency_Key="k-restart").content
        before = api.get(f"/projects/{project}")
        history = api.get(f"/projects/{project}/history")
    with serving(data, media) as running:
        api = Caller(running)
        assert api.get(f"/projects/{project}") == before
        assert api.get(f"/projects/{project}/history") == history
        again = api.send("POST", f"/projects/{project}/tracks", {"type": "audio"}, Idempotency_Key="k-restart")
        assert again.content == keyed
        refused(api.send("POST", f"/projects/{project}/redo"), 409, "nothing_to_redo")  # the track was a new edit
        api.do("POST", f"/projects/{project}/undo", {"count": 2})
        assert api.get(f"/projects/{project}")["name"] == "made for a test"


def test_a_long_history_opens_from_a_snapshot_and_any_version_is_right(tmp_path: Path, media: Path) -> None:
    data = tmp_path / "data"
    with serving(data, media) as running:
        api = Caller(running)
        project = api.project()
        names = [f"n{number}" for number in range(SNAPSHOT_EVERY + 20)]
        for start in range(0, len(names), 20):
            api.edit(project, *({"op": "rename_project", "name": name} for name in names[start : start + 20]))
    with serving(data, media) as running:
        api = Caller(running)
        kept = running.behind.log.nearest_snapshot(f"project-{project}", 10**6, FOLD_FINGERPRINT)
        assert kept is not None
        assert kept[0] >= SNAPSHOT_EVERY
        assert api.get(f"/projects/{project}")["name"] == names[-1]
        for version in (4, 23, 503, 3 + len(names)):
            assert api.get(f"/projects/{project}?version={version}")["name"] == names[version - 4]
    connection = apsw.Connection(str(data / "log.db"))
    connection.execute("UPDATE snapshots SET version = version + 7")
    connection.close()
    with serving(data, media) as running:  # a snapshot in the wrong place is not used
        assert Caller(running).get(f"/projects/{project}")["version"] == 3 + len(names)
