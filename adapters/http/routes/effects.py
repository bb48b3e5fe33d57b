"""``/effects``: what there is, what it takes, and putting it on clips."""

from functools import partial
from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.reading import converted, decoded, raw_body
from adapters.http.writing import ENVELOPE, Where, answer, json, one_op, op_of
from domain.errors import Refused
from domain.timeline.commands import AddEffect, RemoveEffect, UpdateEffect
from domain.timeline.decide.project import DEFAULT_OUTPUT
from domain.timeline.events import Output

_GONE = ("unknown_project", "unknown_clip", "unknown_effect", "bad_parameter", "version_conflict", "stale_etag")
_BY_PATH = ("op", "clip", "effect")


class EffectList(msgspec.Struct):
    """Every effect: its name, what it is for, its parameters, and an example that shows."""

    items: list[dict[str, Any]]


class OnClip(msgspec.Struct):
    """An effect for a clip. Parameters stand here by name, or together under ``params``; keyframes as in add_effect."""

    clip_id: str
    project_id: str | None = None
    id: str | None = None
    params: dict[str, Any] = {}
    keyframes: dict[str, Any] = {}


class Look(msgspec.Struct):
    """Parameters as for adding the effect; ``project_id`` names the project whose format counts."""

    project_id: str | None = None
    params: dict[str, Any] = {}


class Filter(msgspec.Struct):
    """A filter as the renderer uses it; ``files`` are what it reads, by name."""

    filter: str
    files: dict[str, str]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["effects"], prefix=BASE)

    @routes.get("/effects", **describes(answer=EffectList))
    async def listed() -> Response:
        """Every effect."""
        return json(EffectList(app.effects.listed()))

    @routes.get("/effects/{effect_type}/schema", **describes(kind="application/schema+json"))
    async def schema(effect_type: str) -> Response:
        """JSON Schema of an effect's parameters."""
        found = app.effects.schema(app.effects.named(effect_type))
        return Response(found, media_type="application/schema+json")

    @routes.post("/effects/{effect_type}/preview", **describes(body=Look, answer=Filter, refusals=("bad_parameter",)))
    async def preview(request: Request, effect_type: str) -> Response:
        """The filter that parameters become, validated."""
        kind = app.effects.named(effect_type)
        fields = decoded(request, await raw_body(request))
        look = converted({name: fields[name] for name in ("project_id", "params") if name in fields}, Look)
        loose = {name: value for name, value in fields.items() if name not in Look.__struct_fields__}
        output = DEFAULT_OUTPUT if look.project_id is None else _output(app, look.project_id)
        return Response(app.effects.preview(kind, loose | look.params, output), media_type="application/json")

    @routes.post(
        "/effects/{effect_type}",
        **describes(body=OnClip, answer=EditAnswer, status=201, refusals=_GONE, conditional=True),
    )
    async def add(request: Request, effect_type: str) -> Response:
        """Put an effect on a clip, by the clip's id."""
        kind = app.effects.named(effect_type)
        body = await raw_body(request)
        fields = decoded(request, body)
        wanted = converted({name: fields[name] for name in OnClip.__struct_fields__ if name in fields}, OnClip)
        loose = {n: v for n, v in fields.items() if n not in OnClip.__struct_fields__ and n not in ENVELOPE}
        if both := [name for name in loose if name in wanted.params]:
            raise Refused("invalid_field", "A parameter comes twice", f"params.{both[0]}")
        rest: dict[str, Any] = {name: fields[name] for name in ENVELOPE if name in fields}
        rest |= {"params": loose | wanted.params, "keyframes": wanted.keyframes}
        rest |= {} if wanted.id is None else {"id": wanted.id}
        where = wanted.project_id or partial(app.lists.project_of_clip, wanted.clip_id)
        named = {"clip": wanted.clip_id, "type": kind}
        return answer(await op_of(request, app.projects, where, "add_effect", named, rest, body, creates=True))

    _on_clips(routes, app)
    return routes


def _on_clips(routes: APIRouter, app: App) -> None:
    under = "/projects/{project}/clips/{clip}/effects"
    added = describes(
        body=AddEffect, without=("op", "clip"), answer=EditAnswer, status=201, refusals=_GONE, conditional=True
    )
    changed = describes(body=UpdateEffect, without=_BY_PATH, answer=EditAnswer, refusals=_GONE, conditional=True)
    removed = describes(
        body=RemoveEffect, without=_BY_PATH, answer=EditAnswer, refusals=_GONE, optional=True, conditional=True
    )

    def home(project: str, clip: str, effect: str) -> Where:
        async def found() -> str:
            app.timeline.require_effect(project, clip, effect)
            return project

        return found

    @routes.post(under, **added)
    async def add_there(request: Request, project: str, clip: str) -> Response:
        """Put an effect on a clip."""
        return await one_op(request, app.projects, project, "add_effect", creates=True, clip=clip)

    @routes.patch(under + "/{effect}", **changed)
    async def change(request: Request, project: str, clip: str, effect: str) -> Response:
        """Change some parameters of an effect, or when it works."""
        return await one_op(request, app.projects, home(project, clip, effect), "update_effect", effect=effect)

    @routes.delete(under + "/{effect}", **removed)
    async def remove(request: Request, project: str, clip: str, effect: str) -> Response:
        """Take an effect off its clip."""
        return await one_op(request, app.projects, home(project, clip, effect), "remove_effect", effect=effect)


def _output(app: App, project: str) -> Output:
    packed = app.projects.at(project).output()
    if packed is None:
        raise Refused("unknown_project", "There is no such project", "project_id")
    return msgspec.msgpack.decode(packed, type=Output)
