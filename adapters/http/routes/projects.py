"""``/projects``: begin, list, look at any version, change, end."""

from typing import Any

import msgspec
from fastapi import APIRouter
from msgspec import UNSET, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer, encoded
from adapters.http.base import BASE
from adapters.http.conditions import etag, is_known
from adapters.http.describe import describes
from adapters.http.paging import Paging
from adapters.http.reading import converted, decoded, query_as, raw_body
from adapters.http.shapes import ProjectDocument
from adapters.http.times import Then
from adapters.http.writing import Rationale, answer, asked, edit, json, optional_body
from adapters.views.answers import ProjectEntry
from adapters.views.paging import Page
from domain.errors import Refused
from domain.time import FrameRate
from domain.timeline.commands import SetOutput


class Output(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Format of the film; what is left out is Full HD, 30 frames a second, 48 kHz, black."""

    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET
    fps: FrameRate | UnsetType = UNSET
    sample_rate: int | UnsetType = UNSET
    background: str | UnsetType = UNSET


class NewProject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to begin."""

    name: str
    id: str | None = None
    output: Output = Output()
    rationale: Rationale | None = None


class ProjectChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another name or another format."""

    name: str | UnsetType = UNSET
    output: Output | UnsetType = UNSET
    expected_version: int | None = None
    rationale: Rationale | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["projects"], prefix=BASE)

    @routes.post("/projects", **describes(body=NewProject, answer=EditAnswer, status=201, refusals=("project_exists",)))
    async def create(request: Request) -> Response:
        """Begin a project."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), NewProject)
        output = SetOutput(**msgspec.structs.asdict(wanted.output))
        wish = asked(request, body, body, rationale=wanted.rationale)
        try:
            made = await app.projects.create(wanted.id, wanted.name, output, wish)
        except Refused as refused:
            raise _in_output(refused) from None
        response = answer(made)
        response.headers["Location"] = f"{BASE}/projects/{msgspec.json.decode(made.body)['id']}"
        return response

    @routes.get("/projects", **describes(query=Paging, answer=Page[ProjectEntry]))
    async def listed(request: Request) -> Response:
        """Every project, oldest first."""
        paging = query_as(request, Paging)
        return json(await app.lists.projects(paging.limit, paging.cursor))

    @routes.get(
        "/projects/{project}",
        **describes(
            query=Then, answer=ProjectDocument, refusals=("unknown_project", "unknown_version", "unknown_edit")
        ),
    )
    async def see(request: Request, project: str) -> Response:
        """The timeline, now or as it was. The entity tag is the version."""
        seen = app.projects.see(project, query_as(request, Then).when())
        headers = {"ETag": etag(seen.version)}
        if is_known(request, seen.version):
            return Response(status_code=304, headers=headers)
        return Response(seen.document, 200, headers, "application/json")

    @routes.patch(
        "/projects/{project}",
        **describes(
            body=ProjectChange, answer=EditAnswer, refusals=("unknown_project", "stale_etag"), conditional=True
        ),
    )
    async def change(request: Request, project: str) -> Response:
        """Another name or another format."""
        body = await raw_body(request)
        wanted = converted(decoded(request, body), ProjectChange)
        ops = _ops(wanted)
        if not ops:
            raise Refused("invalid_field", "Nothing to change: give name or output")
        document = {"ops": ops, "expected_version": wanted.expected_version, "rationale": wanted.rationale}
        try:
            return answer(await edit(request, app.projects, project, document, body, command=encoded(document)))
        except Refused as refused:
            raise _in_output(refused) from None

    @routes.delete(
        "/projects/{project}",
        **describes(answer=EditAnswer, refusals=("unknown_project", "stale_etag"), conditional=True),
    )
    async def delete(request: Request, project: str) -> Response:
        """Take the project off every list. Its log stays."""
        body, fields = await optional_body(request)
        wanted = converted(fields, Delete)
        wish = asked(
            request,
            body,
            b'{"delete":true}',
            expected_version=wanted.expected_version,
            rationale=wanted.rationale,
        )
        return answer(await app.projects.delete(project, wish))

    return routes


class Delete(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A project to end."""

    expected_version: int | None = None
    rationale: Rationale | None = None


def _ops(wanted: ProjectChange) -> list[dict[str, Any]]:
    ops: list[dict[str, Any]] = []
    if wanted.name is not UNSET:
        ops.append({"op": "rename_project", "name": wanted.name})
    if wanted.output is not UNSET:
        ops.append({"op": "set_output", **msgspec.to_builtins(wanted.output, enc_hook=str)})  # a rate is text
    return ops


def _in_output(refused: Refused) -> Refused:
    """The field's path in this route's body, where the format is under ``output``."""
    field = refused.path.rpartition(".")[2] if refused.path else ""
    path = f"output.{field}" if field in Output.__struct_fields__ else (field or None)
    return Refused(refused.code, refused.message, path, refused.ids, _plain(refused.extra))


def _plain(extra: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in extra.items() if name != "failing_op"}
