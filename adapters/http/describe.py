"""What OpenAPI says of a route: its query, body, answer and refusals, from the structs that parse and write them."""

from collections.abc import Iterable
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from adapters.http.problem import MEDIA_TYPE, STATUS, Problem
from domain.errors import RULES
from domain.timeline.commands import value_schema

_ALWAYS = ("not_found", "internal_error")
_BODY = ("malformed_json", "invalid_field", "body_too_large", "unsupported_media_type")
_STRUCT = "x-struct"  # stands, with a type's number, for its schema until every type is known
_WITHOUT = "x-without"
_types: dict[Any, str] = {}


def describes(
    *,
    body: type | None = None,
    without: Iterable[str] = (),
    query: type | None = None,
    answer: type | None = None,
    kind: str = "application/json",
    status: int = 200,
    refusals: Iterable[str] = (),
    optional: bool = False,
    keyed: bool = False,
    conditional: bool = False,
) -> dict[str, Any]:
    """Arguments for a route's decorator.

    ``without`` are fields of ``body`` that the path gives; an ``optional`` body may be left out; ``keyed`` routes take
    ``Idempotency-Key``, and ``conditional`` ones ``If-Match`` as well.
    """
    headers = (*(("Idempotency-Key",) if keyed or conditional else ()), *(("If-Match",) if conditional else ()))
    writing = (*(("key_reused", "draining") if headers else ()), *(("stale_etag",) if conditional else ()))
    codes = dict.fromkeys(
        (*refusals, *writing, *(_BODY if body else ()), *(("invalid_field",) if query else ()), *_ALWAYS)
    )
    extra: dict[str, Any] = {"responses": {str(status): _answer(answer, kind), **_problems(codes)}}
    if body is not None:
        schema = {_STRUCT: _number(body), _WITHOUT: list(without)}
        extra["requestBody"] = {"required": not optional, "content": {"application/json": {"schema": schema}}}
    parameters = [*_query(query), *map(_header, headers)]
    if parameters:
        extra["parameters"] = parameters
    return {"openapi_extra": extra, "status_code": status}


def _answer(answer: type | None, kind: str) -> dict[str, Any]:
    schema = {} if answer is None else {"schema": {_STRUCT: _number(answer)}}
    return {"description": "Done", "content": {kind: schema}}


def _problems(codes: Iterable[str]) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(STATUS[RULES[code].kind]), []).append(code)
    content = {MEDIA_TYPE: {"schema": {_STRUCT: _number(Problem)}}}
    return {status: {"description": ", ".join(found), "content": content} for status, found in by_status.items()}


def _query(query: type | None) -> list[dict[str, Any]]:
    if query is None:
        return []
    return [
        {"name": field.encode_name, "in": "query", "required": field.required, "schema": {_STRUCT: _number(field.type)}}
        for field in msgspec.structs.fields(query)
    ]


def _header(name: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def openapi(api: FastAPI) -> dict[str, Any]:
    """The whole document: FastAPI's paths, with every struct among the components."""
    document = get_openapi(title=api.title, version=api.version, description=api.description, routes=api.routes)
    schemas, components = msgspec.json.schema_components(
        list(_types), schema_hook=value_schema, ref_template="#/components/schemas/{name}"
    )
    found = dict(zip(_types.values(), schemas, strict=True))
    filled: dict[str, Any] = _filled(document, found, components)
    for methods in filled["paths"].values():
        for route in methods.values():
            _drop_fastapis(route["responses"])
    filled["components"] = {"schemas": components}
    return filled


def _drop_fastapis(responses: dict[str, Any]) -> None:
    """Without the answer that FastAPI adds by itself for its own validation, which no route here uses."""
    answer = responses.get("422", {"content": {}})
    answer["content"].pop("application/json", None)
    if not answer["content"]:
        responses.pop("422", None)


def _number(kind: Any) -> str:
    """A name for a type in documents that only hold text."""
    return _types.setdefault(kind, str(len(_types)))


def _filled(value: Any, schemas: dict[str, Any], components: dict[str, Any]) -> Any:
    """The document with the schema of each type where it is wanted."""
    if isinstance(value, list):
        return [_filled(inner, schemas, components) for inner in value]
    if not isinstance(value, dict):
        return value
    if _STRUCT not in value:
        return {name: _filled(inner, schemas, components) for name, inner in value.items()}
    schema = schemas[value[_STRUCT]]
    return _narrowed(schema, components, value[_WITHOUT]) if value.get(_WITHOUT) else schema


def _narrowed(schema: dict[str, Any], components: dict[str, Any], without: list[str]) -> dict[str, Any]:
    """An op as a resource route takes it: without what the path says, with what any write may say."""
    whole = components[schema["$ref"].rpartition("/")[2]]
    own = {name: field for name, field in whole["properties"].items() if name not in without}
    envelope = {"expected_version": {"type": "integer"}, "rationale": {"type": "string", "maxLength": 2_000}}
    required = [name for name in whole.get("required", ()) if name not in without]
    return {**whole, "title": whole["title"] + "Body", "properties": own | envelope, "required": required}
