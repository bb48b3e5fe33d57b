"""Whatever comes in is refused with a code, changes nothing, and never breaks the server."""

import json
import os
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from tests.http.client import BASE, Caller, refused

HUGE = b'{"ops":[],"rationale":"' + b"x" * (1 << 20) + b'"}'


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b" ", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"nonsense", 400, "malformed_json"),
        (b'{"ops":[{"op":"rename_project","name":NaN}]}', 400, "malformed_json"),
        (b'{"ops":[{"op":"set_output","width":Infinity}]}', 400, "malformed_json"),
        (b'{"ops":[{"op":"set_output","width":1e400}]}', 400, "malformed_json"),
        (b'{"ops":[],"ops":[]}', 400, "malformed_json"),
        (b'{"ops":[{"op":"set_output","width":' + b"9" * 5000 + b"}]}", 400, "malformed_json"),
        (b'{"ops":[{"op":"set_output","width":9223372036854775808}]}', 400, "malformed_json"),
        (b'{"ops":' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "malformed_json"),
        (b'{"ops":' + b"[" * 70 + b"]" * 70 + b"}", 400, "malformed_json"),
        (b'{"ops":[{"op":"rename_project","name":"\\ud800"}]}', 400, "malformed_json"),
        (b'{"ops":[{"op":"rename_project","name":"a\\u0000b"}]}', 400, "malformed_json"),
        (b'{"ops":[{"op":"rename_project","name":"\xff"}]}', 400, "malformed_json"),
        ('{"ops":[]}'.encode("utf-16"), 400, "malformed_json"),
        (b'\xef\xbb\xbf{"ops":[]}', 400, "malformed_json"),
        (HUGE, 413, "body_too_large"),
        (b"[]", 422, "invalid_field"),
        (b"null", 422, "invalid_field"),
        (b'"ops"', 422, "invalid_field"),
        (b"{}", 422, "invalid_field"),
        (b'{"ops":[]}', 422, "invalid_field"),
        (b'{"ops":{}}', 422, "invalid_field"),
        (b'{"ops":[null]}', 422, "invalid_field"),
        (b'{"ops":[{}]}', 422, "invalid_field"),
        (b'{"ops":[{"op":"explode"}]}', 422, "invalid_field"),
        (b'{"ops":[{"op":"rename_project","name":"x"}],"extra":1}', 422, "invalid_field"),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_a_body_that_is_no_batch_is_refused(api: Caller, body: bytes, status: int, code: str) -> None:
    project = api.project()
    with api.nothing_happens(project):
        refused(api.raw("POST", f"{BASE}/projects/{project}/edits", body), status, code)


def lay(**fields: Any) -> dict[str, Any]:
    return {"op": "add_clip", "id": "x", "track": "v", "source": "SOURCE", "at": 0, **fields}


OPS: list[tuple[dict[str, Any], int, str, str]] = [
    (lay(speed=2), 422, "invalid_field", "ops[0].speed"),
    (lay(wobble=True), 422, "invalid_field", "ops[0].wobble"),
    (lay(at=-1), 422, "outside_timeline", "ops[0].at"),
    (lay(at="-0.000000002"), 422, "outside_timeline", "ops[0].at"),
    (lay(at="nan"), 422, "invalid_field", "ops[0].at"),
    (lay(at=True), 422, "invalid_field", "ops[0].at"),
    (lay(at={"frame": 0.5}), 422, "invalid_field", "ops[0].at"),
    (lay(at=10**9), 422, "outside_timeline", "ops[0].at"),
    (lay(at=10**12), 422, "invalid_field", "ops[0].at"),
    (lay(in_point=-1), 422, "outside_timeline", "ops[0].in_point"),
    (lay(in_point=3, out_point=2), 422, "empty_range", "ops[0].out_point"),
    (lay(in_point=3, out_point=3), 422, "empty_range", "ops[0].out_point"),
    (lay(out_point=1000), 422, "outside_source", "ops[0].out_point"),
    (lay(track="nowhere"), 404, "unknown_track", "ops[0].track"),
    (lay(track="m", source="PHOTO", out_point=2), 422, "wrong_kind", "ops[0].track"),
    (lay(source="PHOTO"), 422, "invalid_field", "ops[0].out_point"),
    (lay(source="no-such-media"), 404, "unknown_media", "ops[0].source"),
    (lay(source="/etc/passwd"), 422, "path_not_allowed", "ops[0].source"),
    (lay(source="../../etc/passwd"), 404, "unknown_media", "ops[0].source"),
    (lay(id="a/b"), 422, "invalid_id", "ops[0].id"),
    (lay(id="v"), 409, "id_taken", "ops[0].id"),
    (lay(id=""), 422, "invalid_id", "ops[0].id"),
    (lay(volume=-1), 422, "out_of_range", "ops[0].volume"),
    (lay(volume="loud"), 422, "invalid_field", "ops[0].volume"),
    (lay(fit="crop"), 422, "invalid_field", "ops[0].fit"),
    ({"op": "remove_clip", "clip": "nowhere"}, 404, "unknown_clip", "ops[0].clip"),
    ({"op": "remove_clip", "clip": "$0"}, 422, "invalid_field", "ops[0].clip"),
    ({"op": "remove_effect", "effect": "x" * 5000}, 404, "unknown_effect", "ops[0].effect"),
    ({"op": "set_output", "width": 1.0}, 422, "invalid_field", "ops[0].width"),
    ({"op": "set_output", "width": "640"}, 422, "invalid_field", "ops[0].width"),
    ({"op": "set_output", "width": True}, 422, "invalid_field", "ops[0].width"),
    ({"op": "set_output", "width": -2}, 422, "out_of_range", "ops[0].width"),
    ({"op": "set_output", "width": 2**62}, 422, "out_of_range", "ops[0].width"),
    ({"op": "set_output", "background": "red"}, 422, "out_of_range", "ops[0].background"),
    ({"op": "set_output", "fps": 0}, 422, "rate_unsupported", "ops[0].fps"),
    ({"op": "set_output", "fps": 2**62}, 422, "rate_unsupported", "ops[0].fps"),
    ({"op": "rename_project", "name": "x" * 5000}, 422, "out_of_range", "ops[0].name"),
    ({"op": "rename_project", "name": "a\u0007b"}, 422, "out_of_range", "ops[0].name"),
    ({"op": "add_track", "type": "subtitle"}, 422, "invalid_field", "ops[0].type"),
    ({"op": "reorder_tracks", "tracks": ["v", "v"]}, 422, "not_a_permutation", "ops[0].tracks"),
]


@pytest.mark.parametrize(("op", "status", "code", "path"), OPS, ids=[json.dumps(row[0])[:60] for row in OPS])
def test_an_op_that_breaks_a_rule_is_refused(
    api: Caller, film: str, op: dict[str, Any], status: int, code: str, path: str
) -> None:
    project = api.project()
    sources = {"SOURCE": film, "PHOTO": film.replace("hello_720p30.mp4", "still_photo.jpg")}
    op = op | ({"source": sources.get(op["source"], op["source"])} if "source" in op else {})
    with api.nothing_happens(project):
        problem = refused(api.send("POST", f"/projects/{project}/edits", {"ops": [op]}), status, code, path)
    assert problem["failing_op"] == 0


PATHS = [
    ("GET", "/projects/nope", 404, "unknown_project"),
    ("GET", "/projects/%ff", 404, "unknown_project"),
    ("GET", "/projects/" + "x" * 300, 404, "unknown_project"),
    ("GET", "/projects/..%2f..%2fetc", 404, "not_found"),
    ("GET", "/projects/nope/history", 404, "unknown_project"),
    ("GET", "/projects/nope/clips", 404, "unknown_project"),
    ("GET", "/clips/nope", 404, "unknown_clip"),
    ("GET", "/clips/%00", 404, "unknown_clip"),
    ("GET", "/videos/nope", 404, "unknown_media"),
    ("DELETE", "/videos/nope", 404, "unknown_media"),
    ("GET", "/jobs/nope", 404, "unknown_job"),
    ("GET", "/jobs/%F0%9F%98%80", 404, "unknown_job"),
    ("POST", "/jobs/nope/cancel", 404, "unknown_job"),
    ("GET", "/render/jobs/nope", 404, "unknown_job"),
    ("GET", "/render/jobs/nope/output", 404, "unknown_job"),
    ("GET", "/effects/nope/schema", 404, "not_found"),
    ("GET", "/nowhere", 404, "not_found"),
    ("PUT", "/projects", 405, "method_not_allowed"),
    ("GET", "/projects?limit=0", 422, "invalid_field"),
    ("GET", "/projects?limit=1e3", 422, "invalid_field"),
    ("GET", "/projects?limit=99999999999999999999", 422, "invalid_field"),
    ("GET", "/projects?limit=1&limit=2", 422, "invalid_field"),
    ("GET", "/projects?cursor=zzz", 422, "invalid_field"),
    ("GET", "/projects?page=2", 422, "invalid_field"),
    ("GET", "/videos/search", 422, "invalid_field"),
    ("GET", "/videos/search?q=", 422, "invalid_field"),
    ("GET", "/videos/search?q=%00", 422, "invalid_field"),
    ("GET", "/events?after=-1", 422, "invalid_field"),
    ("GET", "/events/stream?after=x", 422, "invalid_field"),
    ("GET", "/audit?since=never", 422, "invalid_field"),
]


@pytest.mark.parametrize(("method", "path", "status", "code"), PATHS, ids=[f"{row[0]} {row[1][:40]}" for row in PATHS])
def test_a_path_or_a_query_that_names_nothing_is_refused(
    api: Caller, method: str, path: str, status: int, code: str
) -> None:
    refused(api.send(method, path), status, code)


@pytest.mark.parametrize("query", ['"', "a AND", "(", "-x", "*", "NEAR(a b", "x:y", "'; DROP TABLE words;--"])
def test_no_search_is_malformed(api: Caller, query: str) -> None:
    response = api.http.get(f"{BASE}/videos/search", params={"q": query})
    assert response.status_code in (200, 422)


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json; charset=utf-16", "multipart/form-data", "application/xml"]
)
def test_only_json_is_read(api: Caller, kind: str) -> None:
    project = api.project()
    with api.nothing_happens(project):
        response = api.raw("POST", f"{BASE}/projects/{project}/edits", b'{"ops":[]}', Content_Type=kind)
        refused(response, 415, "unsupported_media_type", "Content-Type")


@pytest.mark.parametrize(
    "headers",
    [
        {"X_Actor": "a b"},
        {"X_Actor": ""},
        {"X_Actor": "x" * 300},
        {"Idempotency_Key": "k" * 300},
        {"Idempotency_Key": ""},
    ],
    ids=str,
)
def test_a_header_that_is_none_is_refused(api: Caller, headers: dict[str, str]) -> None:
    project = api.project()
    with api.nothing_happens(project):
        response = api.send("POST", f"/projects/{project}/tracks", {"type": "audio"}, **headers)
        refused(response, 422, "invalid_field", next(iter(headers)).replace("_", "-"))


def test_a_chunked_body_is_limited_too(api: Caller) -> None:
    project = api.project()

    def pieces() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    with api.nothing_happens(project):
        response = api.http.post(
            f"{BASE}/projects/{project}/edits", content=pieces(), headers={"Content-Type": "application/json"}
        )
        refused(response, 413, "body_too_large")


def test_who_sends_far_too_much_hears_the_answer(api: Caller) -> None:
    host, port = api.running.url.removeprefix("http://").split(":")
    client = HTTPConnection(host, int(port), timeout=30)
    client.request("POST", f"{BASE}/projects", b" " * (20 << 20), {"Content-Type": "application/json"})
    assert client.getresponse().status == 413


def test_a_link_or_a_pipe_as_a_source_is_called_what_it_is(api: Caller, media: Path) -> None:
    project = api.project()
    folder = media / "odd"
    folder.mkdir()
    (folder / "link.mp4").symlink_to(folder / "nothing.mp4")
    os.mkfifo(folder / "pipe.mp4")
    for name, code in (("link.mp4", "path_not_allowed"), ("pipe.mp4", "path_not_allowed"), ("no.mp4", "unknown_media")):
        with api.nothing_happens(project):
            op = {"op": "add_clip", "track": "v", "source": str(folder / name), "at": 0}
            answer = api.send("POST", f"/projects/{project}/edits", {"ops": [op]})
            assert answer.json()["code"] == code
            assert answer.json()["errors"][0]["path"] == "ops[0].source"


def test_ids_of_another_project_mean_nothing_here(api: Caller, film: str) -> None:
    one, two = api.project(), api.project()
    api.edit(one, {"op": "add_clip", "id": "here", "track": "v", "source": film, "at": 0})
    with api.nothing_happens(two):
        refused(api.send("DELETE", f"/projects/{two}/clips/here"), 404, "unknown_clip", "clip")


def test_a_resource_route_names_fields_as_they_were_sent(api: Caller, film: str) -> None:
    project = api.project()
    with api.nothing_happens(project):
        body = {"track": "v", "source": film, "at": 0, "speed": 2}
        problem = refused(api.send("POST", f"/projects/{project}/clips", body), 422, "invalid_field", "speed")
        assert "failing_op" not in problem
        refused(api.send("PATCH", f"/projects/{project}/tracks/v", {"op": "remove_track"}), 422, "invalid_field", "op")
        refused(api.send("PATCH", f"/projects/{project}/tracks/v", {"track": "m"}), 422, "invalid_field", "track")
        body = {"track": "v", "source": film, "at": -1}
        refused(api.send("POST", f"/projects/{project}/clips", body), 422, "outside_timeline", "at")


def test_the_next_good_request_works(api: Caller) -> None:
    project = api.project()
    refused(api.raw("POST", f"{BASE}/projects/{project}/edits", b"["), 400, "malformed_json")
    assert api.edit(project, {"op": "rename_project", "name": "still here"})["version"] == 4


def test_a_message_does_not_repeat_long_input(api: Caller) -> None:
    project = api.project()
    body = {"ops": [{"op": "x" * 100_000}]}
    problem = refused(api.send("POST", f"/projects/{project}/edits", body), 422, "invalid_field")
    assert len(problem["detail"]) < 500


def test_an_op_that_does_not_exist_is_told_with_the_nearest(api: Caller) -> None:
    project = api.project()
    for name, said in (("trimclip", "trim_clip is the nearest"), ("x", "ops are add_clip, ")):
        response = api.send("POST", f"/projects/{project}/edits", {"ops": [{"op": name}]})
        assert said in refused(response, 422, "invalid_field", "ops[0].op")["detail"]
