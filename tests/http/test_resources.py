"""Resource routes: each is one op by another name."""

from decimal import Decimal

from adapters.app.asking import encoded
from tests.http.client import BASE, Caller, read, refused


def test_tracks_come_change_and_go(api: Caller) -> None:
    project = api.project()
    made = api.do("POST", f"/projects/{project}/tracks", {"type": "audio", "name": "Voice", "volume": "0.5"})
    api.do("PATCH", f"/projects/{project}/tracks/{made['id']}", {"muted": True, "index": 0})
    first = api.get(f"/projects/{project}")["tracks"][0]
    expected = (made["id"], "Voice", Decimal("0.5"), True)
    assert (first["id"], first["name"], first["volume"], first["muted"]) == expected
    api.do("DELETE", f"/projects/{project}/tracks/{made['id']}")
    assert [track["id"] for track in api.get(f"/projects/{project}")["tracks"]] == ["v", "m"]


def test_clips_come_change_split_and_go(api: Caller, film: str) -> None:
    project = api.project()
    response = api.send(
        "POST", f"/projects/{project}/clips", {"track": "v", "source": film, "at": "end", "out_point": 4}
    )
    assert response.status_code == 201
    clip = read(response)["id"]
    path = f"/projects/{project}/clips/{clip}"
    api.do("PATCH", path, {"at": "00:00:01.000", "volume": 0})
    later = api.do("POST", f"{path}/split", {"at": 3})["id"]
    shown = api.send("GET", f"/projects/{project}/clips/{later}")
    assert (read(shown)["timeline_start"], read(shown)["in_point"]) == (3, 2)
    assert shown.headers["etag"] == api.send("GET", f"/projects/{project}").headers["etag"]
    page = api.get(f"/projects/{project}/clips?limit=1")
    rest = api.get(f"/projects/{project}/clips?limit=1&cursor={page['next_cursor']}")
    assert [item["id"] for item in page["items"] + rest["items"]] == [clip, later]
    assert rest["next_cursor"] is None
    api.do("DELETE", path, {"rationale": "not needed", "expected_version": 7})
    refused(api.send("GET", path), 404, "unknown_clip", "clip")


def test_a_clip_is_found_without_its_project(api: Caller, film: str) -> None:
    one, two = api.project(), api.project()
    name = f"lone-{one[-8:]}"
    api.do("POST", f"/projects/{one}/clips", {"id": name, "track": "v", "source": film, "at": 0, "out_point": 1})
    assert api.get(f"/clips/{name}")["timeline_end"] == 1
    api.do("PATCH", f"/clips/{name}", {"at": 7})
    assert api.get(f"/projects/{one}/clips/{name}")["timeline_start"] == 7
    api.do("POST", f"/projects/{two}/clips", {"id": name, "track": "v", "source": film, "at": 0, "out_point": 1})
    refused(api.send("GET", f"/clips/{name}"), 409, "ambiguous_id")
    api.do("DELETE", f"/projects/{two}/clips/{name}")
    api.do("DELETE", f"/clips/{name}")
    refused(api.send("DELETE", f"/clips/{name}"), 404, "unknown_clip")


def test_effects_say_what_they_take(api: Caller) -> None:
    items = api.get("/effects")["items"]
    assert {item["effect_type"] for item in items} >= {"text_overlay", "fade_in", "fade_out", "volume"}
    for item in items:
        schema = api.get(f"/effects/{item['effect_type']}/schema")
        assert set(item["example"]["params"]) <= set(schema["properties"])
        assert (
            api.raw("POST", f"{BASE}/effects/{item['effect_type']}/preview", encoded(item["example"])).status_code
            == 200
        )


def test_text_goes_on_a_clip_as_the_architecture_document_shows(api: Caller, film: str) -> None:
    project = api.project()
    name = f"main-{project[-8:]}"
    api.do("POST", f"/projects/{project}/clips", {"id": name, "track": "v", "source": film, "at": 0})
    body = {
        "clip_id": name,
        "text": "Chapter 1",
        "position": "center",
        "start": 0,
        "duration": 5,
        "fade_in": 1.0,
        "fade_out": 0.5,
    }
    response = api.send("POST", "/effects/text", body)
    assert response.status_code == 201
    (effect,) = api.get(f"/clips/{name}")["effects"]
    assert (effect["id"], effect["type"]) == (read(response)["id"], "text_overlay")
    assert (effect["start"], effect["duration"], effect["params"]["fade_out"]) == (0, 5, Decimal("0.5"))
    twice = body | {"params": {"text": "again"}}
    refused(api.send("POST", "/effects/text", twice), 422, "invalid_field", "params.text")
    refused(api.send("POST", "/effects/text", body | {"colour": "red"}), 422, "bad_parameter", "params.colour")


def test_an_effect_changes_and_goes_under_its_clip(api: Caller, film: str) -> None:
    project = api.project()
    under = f"/projects/{project}/clips/c/effects"
    for clip in ("c", "d"):
        body = {"id": clip, "track": "v", "source": film, "at": "end", "out_point": 3}
        api.do("POST", f"/projects/{project}/clips", body)
    made = api.do("POST", under, {"type": "volume", "params": {"gain": "0.3"}})["id"]
    api.do("PATCH", f"{under}/{made}", {"params": {"gain": 1}, "start": "0.5"})
    (effect,) = api.get(f"/projects/{project}/clips/c")["effects"]
    assert (effect["params"], effect["start"]) == ({"gain": 1}, Decimal("0.5"))
    elsewhere = under.replace("/c/", "/d/")
    refused(api.send("DELETE", f"{elsewhere}/{made}"), 404, "unknown_effect", "effect")
    refused(api.send("PATCH", f"{under}/{made}", {"params": {"gain": -1}}), 422, "out_of_range", "params.gain")
    api.do("DELETE", f"{under}/{made}")
    assert api.get(f"/projects/{project}/clips/c")["effects"] == []


def test_a_preview_shows_the_filter_and_keeps_text_out_of_it(api: Caller) -> None:
    text = 'It\'s 100% "done", [a;b]: c\\d \N{GRINNING FACE}'
    found = api.do("POST", "/effects/text/preview", {"text": text, "start": 1})
    assert found["filter"].startswith("drawtext=")
    assert "done" not in found["filter"]
    assert list(found["files"].values()) == [text]
    refused(api.send("POST", "/effects/text/preview", {"text": "x", "font_color": "a,b"}), 422, "out_of_range")
    refused(api.send("POST", "/effects/text/preview", {"text": "x", "project_id": "no"}), 404, "unknown_project")


def test_a_write_by_key_is_answered_again_though_its_thing_has_gone(api: Caller, film: str) -> None:
    project = api.project()
    name = f"twice-{project[-8:]}"
    api.edit(project, {"op": "add_clip", "id": name, "track": "v", "source": film, "at": 0, "out_point": 1})
    effect = api.do("POST", f"/projects/{project}/clips/{name}/effects", {"type": "fade_in"})["id"]
    paths = (f"/projects/{project}/clips/{name}/effects/{effect}", f"/clips/{name}")
    for number, path in enumerate(paths):
        first = api.do("DELETE", path, Idempotency_Key=f"{name}-{number}")
        again = api.send("DELETE", path, Idempotency_Key=f"{name}-{number}")
        assert (read(again), again.headers["idempotency-replayed"]) == (first, "true")
        refused(api.send("DELETE", path, Idempotency_Key=f"{name}-other"), 404, "unknown_" + ("effect", "clip")[number])
        other = api.send("DELETE", path, {"rationale": "other"}, Idempotency_Key=f"{name}-{number}")
        refused(other, 422, "key_reused", "Idempotency-Key")


def test_head_is_get_without_the_body(api: Caller) -> None:
    project = api.project()
    for path in (f"{BASE}/projects/{project}", f"{BASE}/projects", "/health/live", "/openapi.json"):
        there, here = api.raw("HEAD", path, None), api.raw("GET", path, None)
        assert (there.status_code, there.content) == (200, b"")
        for name in ("content-type", "content-length", "etag"):
            assert there.headers.get(name) == here.headers.get(name)
    stream = api.raw("HEAD", f"{BASE}/events/stream", None)
    assert (stream.status_code, stream.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert api.raw("HEAD", f"{BASE}/projects/nobody", None).status_code == 404
    assert api.get(f"/projects/{project}")["id"] == project


def test_a_path_says_everything_that_it_takes(api: Caller) -> None:
    response = api.send("PUT", f"/projects/{api.project()}")
    refused(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "DELETE, GET, HEAD, PATCH"
