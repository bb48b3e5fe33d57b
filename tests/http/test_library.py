"""The library over REST: scans, lists, search, names and tags, and files that go away."""

import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

from adapters.app.keys import Keys
from adapters.eventstore.edits import Edit, NewFact
from domain.library import decide
from domain.library.events import LibraryFact, MediaNamed
from tests.http.client import Caller, Json, refused
from tests.http.conftest import NAMES


def test_what_a_scan_found_is_listed_and_shown(api: Caller) -> None:
    items = api.get("/videos?limit=500")["items"]
    found = {item["filename"]: item for item in items}
    assert set(NAMES) <= set(found)
    assert [found[name]["kind"] for name in NAMES] == ["video", "audio", "image", "video"]
    film = found["hello_720p30.mp4"]
    assert (film["width"], film["height"], film["fps"], film["audio"]["codec"]) == (1280, 720, 30, "aac")
    assert api.get(f"/videos/{film['id']}") == film


def test_a_scan_answers_at_once_and_reports(api: Caller, media: Path) -> None:
    response = api.send("POST", "/videos/scan", {"path": str(media)})
    assert response.status_code == 202
    job = api.get(f"/jobs/{response.json()['job_id']}?wait_s=30")
    assert (job["status"], job["kind"], job["progress"]) == ("completed", "scan", 1)
    assert (job["result"]["unchanged"], job["result"]["new"]) == (len(NAMES), 0)
    refused(api.send("POST", f"/jobs/{job['job_id']}/cancel"), 409, "job_finished")


def test_the_same_scan_by_key_is_one_job(api: Caller, media: Path) -> None:
    body = {"path": str(media)}
    one, two = (api.do("POST", "/videos/scan", body, Idempotency_Key="k-scan") for _ in range(2))
    assert one == two
    other = api.send("POST", "/videos/scan", body | {"recursive": False}, Idempotency_Key="k-scan")
    refused(other, 422, "key_reused", "Idempotency-Key")


def test_only_the_media_roots_are_scanned(api: Caller, media: Path) -> None:
    for path in ("/", "/etc", str(media / ".." / ".."), "media", "", str(media) + "x", "a\u202eb"):
        refused(api.send("POST", "/videos/scan", {"path": path}), 422, "path_not_allowed", "path")


def test_search_finds_by_name(api: Caller) -> None:
    assert [item["filename"] for item in api.get("/videos/search?q=hello")["items"]] == ["hello_720p30.mp4"]
    assert api.get("/videos/search?q=nothing-of-the-kind")["items"] == []


def test_names_and_tags_can_be_searched_for(api: Caller) -> None:
    photo = next(item for item in api.get("/videos")["items"] if item["filename"] == "still_photo.jpg")
    body = {"name": "The harbour", "tags": ["sea", "boats"]}
    for _ in range(2):
        assert api.do("PATCH", f"/videos/{photo['id']}", body, Idempotency_Key="k-name")["tags"] == ["boats", "sea"]
    changed = api.send("PATCH", f"/videos/{photo['id']}", {"name": "else"}, Idempotency_Key="k-name")
    refused(changed, 422, "key_reused")
    assert [item["id"] for item in api.get("/videos/search?q=harbour+boats")["items"]] == [photo["id"]]
    refused(api.send("PATCH", f"/videos/{photo['id']}", {}), 422, "invalid_field")
    refused(api.send("PATCH", f"/videos/{photo['id']}", {"name": ""}), 422, "invalid_field", "name")


def _photo(api: Caller) -> Json:
    photo: Json = next(item for item in api.get("/videos")["items"] if item["filename"] == "still_photo.jpg")
    return photo


def test_a_key_that_another_server_answers_meanwhile_is_answered_once(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = _photo(api)
    ask = lambda: api.send("PATCH", f"/videos/{photo['id']}", {"name": "Twice"}, Idempotency_Key="k-raced")  # noqa: E731
    first = ask()
    monkeypatch.setattr(Keys, "before", lambda *_: None)  # the answer came after this was looked up
    again = ask()
    assert (again.status_code, again.content) == (200, first.content)


def test_what_another_server_writes_meanwhile_is_not_overwritten(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = _photo(api)
    etag = api.send("GET", f"/videos/{photo['id']}").headers["ETag"]
    log, rename, theirs = api.running.behind.log, decide.rename, ["their name"]

    def late(*of: Any) -> list[LibraryFact]:
        facts = rename(*of)
        if theirs:
            stream = f"media-{photo['id']}"
            edit = Edit(
                edit_id="edit_theirs",
                stream=stream,
                expected_version=log.version(stream),
                facts=[NewFact("media_named.1", msgspec.msgpack.encode(MediaNamed(photo["id"], theirs.pop())))],
                actor="other",
                kind="edit",
                command=b"{}",
                correlation_id="theirs",
            )
            log.submit(edit).result(20)
        return facts

    monkeypatch.setattr(decide, "rename", late)
    mine = api.send("PATCH", f"/videos/{photo['id']}", {"name": "mine"}, If_Match=etag)
    refused(mine, 412, "stale_etag", "If-Match")
    assert _photo(api)["name"] == "their name"


def test_a_file_that_went_away_since_the_scan_is_refused(api: Caller, media: Path) -> None:
    copy = media / "sub" / "gone.mp4"
    copy.parent.mkdir(exist_ok=True)
    shutil.copy(media / "hello_720p30.mp4", copy)
    with copy.open("ab") as file:
        file.write(b"\0" * 64)  # other content, so that it is a file of its own
    job = api.do("POST", "/videos/scan", {"path": str(copy.parent)})["job_id"]
    assert api.get(f"/jobs/{job}?wait_s=30")["result"]["new"] == 1
    copy.unlink()
    project = api.project()
    clip = {"op": "add_clip", "track": "v", "source": str(copy), "at": 0, "out_point": 1}
    with api.nothing_happens(project):
        response = api.send("POST", f"/projects/{project}/edits", {"ops": [clip]})
        refused(response, 409, "media_missing", "ops[0].source")


def test_what_is_taken_out_is_gone_until_the_next_scan(api: Caller, media: Path) -> None:
    song = next(item for item in api.get("/videos")["items"] if item["filename"] == "bunny_music.m4a")
    api.do("DELETE", f"/videos/{song['id']}")
    refused(api.send("GET", f"/videos/{song['id']}"), 404, "unknown_media")
    refused(api.send("DELETE", f"/videos/{song['id']}"), 404, "unknown_media")
    job = api.do("POST", "/videos/scan", {"path": str(media)})["job_id"]
    api.get(f"/jobs/{job}?wait_s=30")
    assert api.get(f"/videos/{song['id']}")["filename"] == "bunny_music.m4a"


def test_a_broken_file_is_listed_with_the_reason(api: Caller, media: Path) -> None:
    whole = (media / "hello_720p30.mp4").read_bytes()
    folder = media / "broken"
    folder.mkdir(exist_ok=True)
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 2])
    (folder / "text.mp4").write_text("#EXTM3U\nfile:///etc/passwd\n")
    job = api.do("POST", "/videos/scan", {"path": str(folder)})["job_id"]
    result = api.get(f"/jobs/{job}?wait_s=30")["result"]
    assert (result["refused"], result["new"]) == (2, 0)
    project = api.project()
    clip = {"op": "add_clip", "track": "v", "source": str(folder / "text.mp4"), "at": 0, "out_point": 1}
    response = api.send("POST", f"/projects/{project}/edits", {"ops": [clip]})
    refused(response, 422, "media_unreadable", "ops[0].source")


def test_a_condition_is_kept_or_refused_and_never_ignored(api: Caller, media: Path) -> None:
    photo = next(item for item in api.get("/videos")["items"] if item["filename"] == "still_photo.jpg")
    stale = api.send("PATCH", f"/videos/{photo['id']}", {"tags": ["late"]}, If_Match='"999"')
    refused(stale, 412, "stale_etag", "If-Match")
    assert "late" not in api.get(f"/videos/{photo['id']}")["tags"]
    tag = api.send("GET", f"/videos/{photo['id']}").headers["etag"]
    newer = api.send("PATCH", f"/videos/{photo['id']}", {"tags": ["in time"]}, If_Match=tag)
    assert newer.headers["etag"] == api.send("GET", f"/videos/{photo['id']}").headers["etag"] != tag
    refused(api.send("DELETE", f"/videos/{photo['id']}", If_Match=tag), 412, "stale_etag", "If-Match")
    refused(api.send("POST", "/videos/scan", {"path": str(media)}, If_Match='"1"'), 422, "invalid_field", "If-Match")
