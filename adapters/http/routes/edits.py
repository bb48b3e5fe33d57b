"""``/projects/{id}/edits``: batches of ops."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from adapters.app.application import App
from adapters.app.asking import EditAnswer
from adapters.http.base import BASE
from adapters.http.describe import describes
from adapters.http.reading import decoded, raw_body
from adapters.http.writing import Edits, answer, edit

_REFUSALS = (
    "unknown_project",
    "version_conflict",
    "clips_overlap",
    "outside_source",
    "edit_conflict",
    "storage_full",
    "log_unavailable",
)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["edits"], prefix=BASE)

    @routes.post(
        "/projects/{project}/edits",
        **describes(body=Edits, answer=EditAnswer, refusals=_REFUSALS, conditional=True),
    )
    async def make(request: Request, project: str) -> Response:
        """Apply a batch of ops: one transaction, one undo step, all or nothing."""
        body = await raw_body(request)
        document = decoded(request, body)
        return answer(await edit(request, app.projects, project, document, body, command=body))

    return routes
