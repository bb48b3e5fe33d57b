"""A log with a damaged fact: what can't be known is refused, nothing passes for all there is."""

import shutil
from pathlib import Path

import apsw

from tests.http.client import Caller, refused
from tests.http.server import serving

LISTS = ("/projects", "/videos", "/videos/search?q=a", "/audit", "/render/jobs")


def damage(log: Path) -> None:
    connection = apsw.Connection(str(log))
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("UPDATE events SET payload = x'00' WHERE position = 2")
    for _, made in guards:
        connection.execute(made)
    connection.close()


def test_lists_over_a_damaged_fact_are_refused_and_the_server_is_not_ready(tmp_path: Path, media: Path) -> None:
    data = tmp_path / "data"
    with serving(data, media) as running:
        api = Caller(running)
        for name in ("one", "two"):
            api.edit(api.project(), {"op": "rename_project", "name": name})
    damage(data / "log.db")
    shutil.rmtree(data / "views")
    with serving(data, media) as running:
        api = Caller(running)
        for path in LISTS:
            refused(api.send("GET", path), 503, "log_corrupt")
        health = api.raw("GET", "/health/ready", None)
        assert health.status_code == 503
        assert not health.json()["checks"]["log"]["ok"]
