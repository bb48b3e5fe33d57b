"""The command line as a person and as a script use it, each command a process of its own against a real server."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.contracts.receiver import receiving
from tests.http.server import serving


@dataclass(frozen=True)
class Shell:
    """Runs ``stoat`` on one server and one data folder."""

    url: str
    data: Path

    def __call__(self, *words: str, stdin: str = "", rc: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "STOAT_URL": self.url, "STOAT_DATA_DIR": str(self.data), "STOAT_ACTOR": "ann"}
        argv = [sys.executable, "-m", "adapters.cli", *words]
        ran = subprocess.run(argv, input=stdin, capture_output=True, text=True, env=environment, timeout=60)
        assert ran.returncode == rc, (words, ran.stdout, ran.stderr)
        assert "Traceback" not in ran.stderr
        return ran

    def json(self, *words: str, stdin: str = "") -> Any:
        return json.loads(self(*words, "--json", stdin=stdin).stdout)


@pytest.fixture(scope="module")
def stoat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "media").mkdir()
    with serving(folder / "data", folder / "media", webhook_allow_private=True) as running:
        yield Shell(running.url, folder / "data")


def test_a_server_on_a_taken_port_says_so_and_ends(stoat: Shell, tmp_path: Path) -> None:
    port = stoat.url.rpartition(":")[2]
    environment = {**os.environ, "STOAT_DATA_DIR": str(tmp_path / "data"), "STOAT_PORT": port}
    argv = [sys.executable, "-m", "adapters.cli", "serve", "--executors", "1"]
    ran = subprocess.run(argv, capture_output=True, text=True, env=environment, timeout=60)
    assert ran.returncode == 2
    assert f"cannot listen on 127.0.0.1 port {port}" in ran.stderr
    assert not (tmp_path / "data" / "log.db").exists()  # nothing was begun


TRACK = '[{"op": "add_track", "id": "main", "type": "video"}]'


def test_a_project_is_made_edited_undone_and_shown(stoat: Shell) -> None:
    project = stoat("project", "create", "Shell").stdout.strip()
    tried = stoat("edit", project, "-", "--dry-run", stdin=TRACK)
    assert tried.stdout.startswith("would be version 2")
    assert stoat.json("project", "show", project)["version"] == 1
    assert stoat("edit", project, "-", "--rationale", "why", stdin=TRACK).stdout.startswith("version 2\n")
    assert [t["id"] for t in stoat.json("project", "show", project)["tracks"]] == ["main"]
    stoat("project", "undo", project)
    assert stoat.json("project", "show", project)["tracks"] == []
    stoat("project", "redo", project)
    assert [t["id"] for t in stoat.json("project", "show", project)["tracks"]] == ["main"]
    assert stoat.json("project", "show", project, "--version", "1")["tracks"] == []
    newest = stoat.json("project", "history", project)["items"]
    assert [entry["actor"] for entry in newest] == ["ann"] * 4
    assert newest[-2]["rationale"] == "why"
    assert project in {p["id"] for p in stoat.json("project", "list")["items"]}


def test_the_past_is_read_and_gone_back_to(stoat: Shell) -> None:
    project = stoat("project", "create", "Past").stdout.strip()
    made = stoat.json("edit", project, "-", stdin=TRACK)["edit_id"]
    stoat("edit", project, "-", stdin='[{"op": "update_track", "track": "main", "name": "Pictures"}]')
    assert '~ track main: name "" -> Pictures' in stoat("project", "diff", project).stdout
    assert stoat("project", "revert", project, made, rc=1).stderr.count("[edit_has_dependents]") == 1
    assert "would be version" in stoat("project", "revert", project, made, "--cascade", "--dry-run").stdout
    stoat("project", "revert", project, made, "--cascade", "--why", "start over")
    assert stoat.json("project", "show", project)["tracks"] == []
    assert [t["id"] for t in stoat.json("project", "show", project, "--edit", made)["tracks"]] == ["main"]
    states = {e["edit_id"]: e["state"] for e in stoat.json("project", "history", project)["items"]}
    assert states[made] == "reverted"
    stoat("project", "restore", project, "--edit", made)
    assert [t["id"] for t in stoat.json("project", "show", project)["tracks"]] == ["main"]
    assert stoat("project", "blame", project, "--time", "0").stdout
    assert stoat("project", "restore", project, "--edit", made).stdout.startswith("nothing changed: it is at version ")


def test_the_past_is_read_as_it_was(stoat: Shell) -> None:
    project = stoat("project", "create", "Then").stdout.strip()
    made = stoat.json("edit", project, "-", stdin=TRACK)["edit_id"]
    stoat("edit", project, "-", stdin=named("Later"))
    entries = stoat.json("project", "history", project)["items"]
    then = next(entry["recorded_at"] for entry in entries if entry["edit_id"] == made)
    for words in (("--version", "2"), ("--edit", made), ("--at", then)):
        assert stoat.json("project", "history", project, *words)["items"][0]["edit_id"] == made
        assert stoat.json("project", "blame", project, "--time", "0", *words)["version"] == 2
    assert stoat.json("project", "diff", project, "--from", then)["before"] == 2
    page = stoat("project", "history", project, "--limit", "2")
    cursor = page.stderr.split("--cursor ")[1].strip()
    assert len(stoat.json("project", "history", project, "--cursor", cursor)["items"]) == 1


def test_effects_and_layouts_are_listed_with_what_they_take(stoat: Shell) -> None:
    assert "text_overlay" in stoat("effects").stdout
    assert "must be given" in stoat("effects", "text_overlay").stdout
    assert "text" in stoat.json("effects", "text_overlay")["properties"]
    assert "[unknown_effect_type]" in stoat("effects", "nope", rc=1).stderr
    assert "picture_in_picture" in stoat("layouts").stdout
    assert "dissolve" in stoat("transitions").stdout


def test_views_that_were_never_made_are_told_as_that(stoat: Shell, tmp_path: Path) -> None:
    stoat("project", "create", "Copied")
    stoat("log", "backup", str(tmp_path / "log.db"))
    alone = Shell("http://127.0.0.1:9", tmp_path)
    checked = alone("replay", "--check", rc=1)
    assert checked.stderr.count("it was never made") == 4
    assert "Difference" not in checked.stderr
    alone("replay")
    assert alone("replay", "--check").stdout.count("equals the log") == 4


def test_a_fork_comes_back(stoat: Shell) -> None:
    project = stoat("project", "create", "Trunk").stdout.strip()
    made = stoat.json("edit", project, "-", stdin=TRACK)["edit_id"]
    fork = stoat("project", "fork", project, "--name", "Branch").stdout.strip()
    renaming = stoat.json("edit", fork, "-", stdin='[{"op": "update_track", "track": "main", "name": "X"}]')["edit_id"]
    assert f"applied {renaming}" in stoat("project", "merge", project, fork, "--dry-run").stdout
    stoat("project", "merge", project, fork)
    assert stoat.json("project", "show", project)["tracks"][0]["name"] == "X"
    other = stoat("project", "what-if", project, made, "-", stdin=TRACK.replace("video", "audio")).stdout.split()[0]
    assert stoat.json("project", "show", other)["tracks"][0]["type"] == "audio"


def test_a_project_is_exported_and_imported(stoat: Shell, tmp_path: Path) -> None:
    project = stoat("project", "create", "Abroad").stdout.strip()
    stoat("edit", project, "-", stdin=TRACK)
    file = tmp_path / "abroad.json"
    stoat("export", project, "--out", str(file))
    stoat("export", project, "--out", str(file), rc=1)
    assert "[project_exists]" in stoat("import", str(file), rc=1).stderr
    back = stoat("import", str(file), "--new-id", "--name", "Back").stdout.strip()
    there = stoat.json("project", "show", back)
    assert (there["name"], [t["id"] for t in there["tracks"]]) == ("Back", ["main"])
    assert json.loads(stoat("export", project, "--version", "1").stdout)["project"]["tracks"] == []


def test_a_refusal_names_rule_field_and_way_out(stoat: Shell) -> None:
    project = stoat("project", "create", "Refused").stdout.strip()
    said = stoat("edit", project, "-", stdin='[{"op": "remove_track", "track": "none"}]', rc=1).stderr
    assert "[unknown_track]" in said
    assert "field: ops[0].track" in said
    assert "try: `stoat project show PROJECT` has its tracks" in said
    problem = json.loads(stoat("project", "show", "nobody", "--json", rc=1).stderr)
    assert (problem["code"], problem["status"]) == ("unknown_project", 404)


def test_who_is_in_the_way_is_told_with_what_to_send(stoat: Shell) -> None:
    project = stoat("project", "create", "Two").stdout.strip()
    made = json.loads(stoat("edit", project, "-", "--json", stdin=TRACK).stdout)
    stoat("edit", project, "-", stdin=named("here"))
    said = stoat("project", "revert", project, made["edit_id"], rc=1).stderr
    later = stoat.json("project", "history", project)["items"][0]["edit_id"]
    assert f"in the way: {later}" in said
    stale = ("edit", project, "-", "--rebase", "--expected-version", str(made["version"]))
    said = stoat(*stale, stdin=named("stale"), rc=1).stderr
    assert f"send {named('stale')}" in said
    fork = stoat("project", "fork", project, "--edit", made["edit_id"]).stdout.strip()
    stoat("edit", fork, "-", stdin=named("there"))
    assert "by ann: track changed: track=main, name=here" in said
    tried = stoat("project", "merge", project, fork, "--dry-run", rc=1)
    assert tried.stdout.startswith("nothing would change")
    assert "--skip" in tried.stderr
    for told in (tried.stdout, stoat("project", "merge", project, fork, rc=1).stderr):
        assert f"send {named('there')}" in told


def named(name: str) -> str:
    return json.dumps([{"op": "update_track", "track": "main", "name": name}], separators=(",", ":"))


def test_wrong_usage_ends_with_2(stoat: Shell) -> None:
    stoat("edit", "p", "no-such-file.json", rc=2)
    stoat("edit", "p", "-", stdin="{", rc=2)
    stoat("project", "show", rc=2)
    stoat("bench", "nothing", rc=2)
    stoat("bench", "fold", "--full", rc=2)
    stoat("serve", "--executors", "-1", rc=2)
    stoat("demo", "/no/such/folder", rc=2)


def test_without_a_server_it_ends_with_3(stoat: Shell) -> None:
    nobody = Shell("http://127.0.0.1:9", stoat.data)
    said = nobody("project", "list", rc=3).stderr
    assert "stoat serve" in said


def test_the_log_is_proved_followed_and_copied_beside_the_server(stoat: Shell, tmp_path: Path) -> None:
    stoat("project", "create", "Logged")
    verified = stoat.json("log", "verify")
    assert verified["ok"]
    lines = stoat("log", "tail", "--json").stdout.splitlines()
    assert len(lines) == verified["events"]
    assert json.loads(lines[-1])["data"]["name"] == "Logged"
    assert "project_created.1 by ann" in stoat("log", "tail", "--types", "project_created").stdout
    assert "[invalid_field]" in stoat("log", "tail", "--types", "clip_aded", rc=1).stderr
    project = json.loads(lines[-1])["project"]
    stoat("edit", project, "-", stdin=TRACK)
    stoat("edit", project, "-", stdin='[{"op": "update_track", "track": "main", "volume": 0.5}]')
    assert "track_changed.1 by ann: track=main, volume=0.5" in stoat("log", "tail", "--project", project).stdout
    verified = stoat.json("log", "verify")
    copy = tmp_path / "copy.db"
    assert stoat.json("log", "backup", str(copy))["chain"] == verified["chain"]
    stoat("log", "backup", str(copy), rc=1)
    stoat("log", "backup", str(tmp_path / "no" / "copy.db"), rc=1)
    replayed = stoat.json("replay", "--check")
    assert {p["name"]: p["equal"] for p in replayed["projections"]} == dict.fromkeys(
        ("timelines", "library", "audit", "renders"), True
    )


def test_the_log_is_followed_live(stoat: Shell) -> None:
    project = stoat("project", "create", "Followed").stdout.strip()
    environment = {**os.environ, "STOAT_URL": stoat.url, "STOAT_DATA_DIR": str(stoat.data)}
    argv = [sys.executable, "-m", "adapters.cli", "log", "tail", "-f", "--json", "--project", project]
    with subprocess.Popen(argv, env=environment, stdout=subprocess.PIPE, text=True) as tail:
        assert tail.stdout
        try:
            assert json.loads(tail.stdout.readline())["data"]["name"] == "Followed"
            stoat("project", "create", "Another")
            stoat("edit", project, "-", stdin=TRACK)
            assert json.loads(tail.stdout.readline())["data"]["type"] == "track_added.1"
        finally:
            tail.kill()
    assert "[invalid_field]" in stoat("log", "tail", "-f", "--types", "clip_aded", rc=1).stderr


def test_webhooks_are_added_looked_at_and_removed(stoat: Shell) -> None:
    with receiving() as endpoint:
        project = stoat("project", "create", "Hooked").stdout.strip()
        hook, secret = stoat("webhook", "add", endpoint.url, "--project", project, "--after", "0").stdout.split()
        for _ in range(100):
            if stoat.json("webhook", "list")["items"][0]["position"] > 0:
                break
        Webhook(secret).verify(endpoint.letters[0].body, endpoint.letters[0].headers)
        assert "enabled" in stoat("webhook", "list").stdout
        assert stoat("webhook", "secret", hook).stdout.strip() not in ("", secret)
        assert stoat.json("webhook", "dead-letters", hook)["items"] == []
        assert "[unknown_dead_letter]" in stoat("webhook", "resend", hook, "1", rc=1).stderr
        assert stoat("webhook", "enable", hook).stdout.startswith(hook)
        stoat("webhook", "remove", hook)
        assert "[unknown_webhook]" in stoat("webhook", "remove", hook, rc=1).stderr
        assert "[url_not_allowed]" in stoat("webhook", "add", "gopher://x", rc=1).stderr


def test_the_audit_is_read_in_pages(stoat: Shell) -> None:
    project = stoat("project", "create", "Audited").stdout.strip()
    stoat("edit", project, "-", stdin=TRACK)
    shown = stoat("log", "audit", "--stream", f"project-{project}", "--limit", "1")
    assert "track added: id=main" in shown.stdout
    cursor = shown.stderr.split("--cursor ")[1].strip()
    rest = stoat.json("log", "audit", "--stream", f"project-{project}", "--cursor", cursor)
    assert [entry["type"] for entry in rest["items"]] == ["project_created.1"]
    assert stoat.json("log", "audit", "--actor", "ann", "--type", "track_added", "--until", "2001-01-01")["items"] == []


def test_what_every_projection_does_is_told(stoat: Shell) -> None:
    assert stoat("projections").stdout.count("kept up") == 4


def test_the_doctor_finds_this_machine_fit(stoat: Shell) -> None:
    assert all(finding["ok"] for finding in stoat.json("doctor"))
    assert stoat("--version").stdout.strip()
