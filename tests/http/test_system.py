"""Health, versions, metrics, and the description of the interface."""

import json
import re
from typing import Any

from domain.errors import RULES
from tests.http.client import BASE, Caller, read


def test_everything_that_is_needed_is_looked_at(api: Caller) -> None:
    health = read(api.raw("GET", "/health/ready", None))
    assert health["status"] == "ready"
    assert set(health["checks"]) == {"log", "views", "rust_core", "nats", "ffmpeg", "disk"}
    for path in ("/health/live", "/health/startup"):
        assert api.raw("GET", path, None).status_code == 200


def test_versions_are_told(api: Caller) -> None:
    info = api.get("/system/info")
    assert "libx264" in info["ffmpeg"]["encoders"]
    assert info["log"]["position"] > 0
    assert re.fullmatch(r"[0-9a-f]{32}", info["rust_core"])


def test_metrics_count_by_route_not_by_path(api: Caller) -> None:
    project = api.project()
    api.send("GET", "/projects/never-made")
    text = api.raw("GET", "/metrics", None).text
    counted = f'video_editor_http_requests_total{{endpoint="{BASE}/projects/{{project}}",method="GET",status="404"}}'
    assert counted in text
    assert 'endpoint="unmatched"' in text or "never-made" not in text
    assert project not in text
    for name in (
        "video_editor_http_request_duration_seconds",
        "video_editor_rust_core_operation_seconds",
        "video_editor_append_duration_seconds",
        "video_editor_projection_lag_events",
        'video_editor_projection_parked_events{projection="timelines"} 0.0',
        'video_editor_events_appended_total{category="project"}',
        'video_editor_events_appended_total{category="media"}',
        "video_editor_videos_scanned_total",
        "video_editor_queue_depth 0.0",
        "video_editor_ffmpeg_processes_active 0.0",
    ):
        assert name in text


def references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(references(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(references(inner) for inner in value))
    return set()


def test_the_description_is_complete(api: Caller) -> None:
    document = json.loads(api.raw("GET", "/openapi.json", None).content)
    schemas = document["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in references(document)} <= set(schemas)
    assert "x-struct" not in json.dumps(document)
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert route["description"], (method, path)
            assert any(status.startswith("2") for status in route["responses"]), (method, path)
            named = set(re.findall(r"\{(\w+)\}", path))
            assert named == {p["name"] for p in route.get("parameters", []) if p["in"] == "path"}, path
            if method in ("post", "patch") and "cancel" not in path:
                assert route["requestBody"]["content"]["application/json"]["schema"], path


def test_a_query_is_described_by_the_names_that_it_takes(api: Caller) -> None:
    paths = json.loads(api.raw("GET", "/openapi.json", None).content)["paths"]
    named = {p["name"] for p in paths["/api/v1/projects/{project}/diff"]["get"]["parameters"] if p["in"] == "query"}
    assert named == {"from", "to"}


def test_every_op_is_described(api: Caller) -> None:
    schemas = json.loads(api.raw("GET", "/openapi.json", None).content)["components"]["schemas"]
    ops = schemas["Edits"]["properties"]["ops"]["items"]["discriminator"]["mapping"]
    assert set(ops) >= {"add_clip", "split_clip", "remove_global_effect", "reorder_effects", "set_output"}
    clip = schemas["AddClip"]
    assert clip["additionalProperties"] is False
    assert set(clip["required"]) == {"op", "track", "source", "at"}


def test_a_status_is_described_by_codes_that_exist(api: Caller) -> None:
    document = json.loads(api.raw("GET", "/openapi.json", None).content)
    for methods in document["paths"].values():
        for route in methods.values():
            for status, answer in route["responses"].items():
                if not status.startswith("2"):
                    assert set(answer["description"].split(", ")) <= set(RULES)


def test_a_defect_is_a_problem_document_too(api: Caller, monkeypatch: Any) -> None:
    from tests.http.client import refused

    def broken(*_: object) -> None:
        raise RuntimeError("a defect, planted")

    monkeypatch.setattr(api.running.behind.timeline, "clips", broken)
    problem = refused(api.send("GET", f"/projects/{api.project()}/clips"), 500, "internal_error")
    assert "planted" not in json.dumps(problem)
