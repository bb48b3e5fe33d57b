"""Projects as documents: export and import."""

import hashlib
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer, encoded
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.times import Then
from adapters.http.writing import Rationale, answer, asked, json
from domain.timeline.exchange import Exchange, Exported

LARGEST_DOCUMENT = 64 << 20


class Import(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to take in: under the document's id, under ``id``, or with ``new_id`` under one of its own."""

    document: Exchange
    id: str | None = None
    new_id: bool = False
    name: str | None = None
    rationale: Rationale | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["projects"], prefix=BASE)
    missing = ("unknown_project", "unknown_version", "unknown_edit")

    @routes.get("/projects/{project}/export", **describes(query=Then, answer=Exported, refusals=missing))
    async def export(request: Request, project: str) -> Response:
        """The project as a document that another log can take in, with the files that it uses."""
        return json(app.exchanges.export(project, query_as(request, Then).when()))

    refusals: Any = ("project_exists", "source_missing", "key_reused")

    @routes.post("/projects/import", **describes(body=Import, answer=EditAnswer, status=201, refusals=refusals))
    async def take_in(request: Request) -> Response:
        """Begin a project from a document. Its files are found in the library by content."""
        body = await raw_body(request, LARGEST_DOCUMENT)
        fields = decoded(request, body)
        wanted = converted(fields, Import)
        command = encoded({"import": {"sha256": hashlib.sha256(body).hexdigest()}})  # the facts say all of it again
        wish = asked(request, body, command, rationale=wanted.rationale)
        made = await app.exchanges.take_in(wanted.document, wanted.id, wanted.name, wish, new_id=wanted.new_id)
        response = answer(made)
        response.headers["Location"] = f"{BASE}/projects/{msgspec.json.decode(made.body)['id']}"
        return response

    return routes
