"""Reading the past of a project: what differs between two states, and which edits something comes from."""

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.comparing import Blame, Comparison
from adapters.app.travel import NOW, When
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.reading import query_as
from adapters.http.times import Then, is_time, microseconds
from adapters.http.writing import json
from domain.errors import Refused
from domain.ids import is_id
from domain.time import Moment


class Sides(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, rename={"before": "from", "after": "to"}
):
    """Two states, each a version, the id of an edit (the state after it) or a time (ISO 8601; without an offset, UTC).
    Without ``to``, the newest; without ``from``, the state before the newest edit of ``to``."""

    before: str | None = None
    after: str | None = None


class Asked(Then, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of a clip, or of the moment ``t`` of the film; ``field`` narrows it to one value."""

    clip: str | None = None
    t: Moment | None = None
    field: str | None = None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["history"], prefix=BASE)
    missing = ("unknown_project", "unknown_version", "unknown_edit")

    @routes.get("/projects/{project}/diff", **describes(query=Sides, answer=Comparison, refusals=missing))
    async def diff(request: Request, project: str) -> Response:
        """What leads from one state to another: things added, removed and changed, as data and in words."""
        sides = query_as(request, Sides)
        after = _when(sides.after, "to")
        before = await app.comparing.earlier(project, after) if sides.before is None else _when(sides.before, "from")
        return json(app.comparing.diff(project, before, after))

    @routes.get(
        "/projects/{project}/blame", **describes(query=Asked, answer=Blame, refusals=(*missing, "unknown_clip"))
    )
    async def blame(request: Request, project: str) -> Response:
        """Which edits a clip and its values come from, or all that is seen and heard at a moment."""
        wanted = query_as(request, Asked)
        if (wanted.clip is None) == (wanted.t is None):
            raise Refused("invalid_field", "Ask for a clip or for a moment t", "clip")
        return json(await app.comparing.blame(project, wanted.clip, wanted.t, wanted.field, wanted.when()))

    return routes


def _when(side: str | None, name: str) -> When:
    """No id of an edit reads as a time."""
    if side is None:
        return NOW
    if side.isdecimal() and len(side) <= 18:
        return When(version=int(side))
    if is_id(side) and not is_time(side):
        return When(edit=side)
    return When(at_us=microseconds(side, name))
