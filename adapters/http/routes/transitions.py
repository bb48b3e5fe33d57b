"""``/transitions``: what there is; ``/projects/{id}/transitions``: each route is one op."""

from typing import Any

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.writing import json, one_op
from domain.timeline.commands import AddTransition, RemoveTransition, UpdateTransition
from rust_core import transition_definitions

_BROKEN = ("not_adjacent", "no_handles", "transitions_overlap", "bad_parameter", "unknown_transition_type")
_GONE = ("unknown_project", "unknown_transition", "version_conflict", "stale_etag")


class TransitionList(msgspec.Struct):
    """Every transition: its name, what it is for, and its parameters. ``audio_tracks``: it needs no picture."""

    items: list[dict[str, Any]]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["transitions"], prefix=BASE)
    items: list[dict[str, Any]] = msgspec.json.decode(transition_definitions())
    refusals = ("unknown_project", "unknown_clip", "id_taken", *_BROKEN)
    by_path = ("op", "transition")
    added = describes(
        body=AddTransition, without=("op",), answer=EditAnswer, status=201, refusals=refusals, conditional=True
    )
    changed = describes(
        body=UpdateTransition, without=by_path, answer=EditAnswer, refusals=(*_GONE, *_BROKEN), conditional=True
    )
    removed = describes(
        body=RemoveTransition, without=by_path, answer=EditAnswer, refusals=_GONE, optional=True, conditional=True
    )

    @routes.get("/transitions", **describes(answer=TransitionList))
    async def listed() -> Response:
        """Every transition that there is."""
        return json(TransitionList(items))

    @routes.post("/projects/{project}/transitions", **added)
    async def add(request: Request, project: str) -> Response:
        """Let a clip become the one that starts where it ends."""
        return await one_op(request, app.projects, project, "add_transition", creates=True)

    @routes.patch("/projects/{project}/transitions/{transition}", **changed)
    async def change(request: Request, project: str, transition: str) -> Response:
        """Change a transition."""
        return await one_op(request, app.projects, project, "update_transition", transition=transition)

    @routes.delete("/projects/{project}/transitions/{transition}", **removed)
    async def remove(request: Request, project: str, transition: str) -> Response:
        """Take a transition away: its clips meet in a cut."""
        return await one_op(request, app.projects, project, "remove_transition", transition=transition)

    return routes
