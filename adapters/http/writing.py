"""Writes as the use cases take them, and their answers as HTTP has them."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from structlog.contextvars import get_contextvars

from adapters.app.asking import Answered, Asked, Caller, Condition, Key, encoded
from adapters.app.projects import Projects
from adapters.http.conditions import etag, if_match
from adapters.http.reading import converted, decoded, header, raw_body
from domain.errors import Refused, calling
from domain.timeline.commands import AnyOp

NOBODY = "anonymous"
ENVELOPE = ("expected_version", "rationale")  # what any write's body may hold beside its own fields

Rationale = Annotated[str, msgspec.Meta(max_length=2_000)]


class Edits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A batch of ops: all of them happen, in order, or none. A batch that was made for an older version than the newest
    is refused, or with ``on_conflict`` "rebase" decided on the newest if nothing it is about has changed since."""

    ops: Annotated[list[AnyOp], msgspec.Meta(min_length=1, max_length=2_000)]
    expected_version: int | None = None
    on_conflict: Literal["reject", "rebase"] = "reject"
    dry_run: bool = False
    rationale: Rationale | None = None


def caller(request: Request) -> Caller:
    """Who asks: ``X-Actor`` as it says, since no keys are set."""
    return Caller(header(request, "X-Actor") or NOBODY, str(get_contextvars()["correlation_id"]))


def asked(
    request: Request,
    body: bytes,
    command: bytes,
    *,
    intent: bytes | None = None,
    expected_version: int | None = None,
    rebase_from: int | None = None,
    rationale: str | None = None,
) -> Asked:
    """The write with its conditions and its idempotency key. ``body`` is what was sent, ``command`` what is kept.

    That the project be at the version which the write may be rebased from is no condition.
    """
    conditions: list[Condition] = []
    if (versions := if_match(request)) not in (None, {rebase_from}):
        conditions.append(Condition(versions, "stale_etag"))
    if expected_version not in (None, rebase_from):
        conditions.append(Condition(frozenset({expected_version}), "version_conflict"))
    key = header(request, "Idempotency-Key")
    return Asked(
        caller=caller(request),
        command=command,
        intent=command if intent is None else intent,
        conditions=tuple(conditions),
        key=Key(key, _request_hash(request, body)) if key else None,
        rationale=rationale,
    )


def _request_hash(request: Request, body: bytes) -> bytes:
    line = f"{request.method} {request.url.path}\n".encode()
    return hashlib.blake2b(line + body, digest_size=32).digest()


async def optional_body(request: Request) -> tuple[bytes, dict[str, Any]]:
    """The body and its object; no body at all is an empty object."""
    body = await raw_body(request)
    return body, decoded(request, body) if body else {}


async def edit(
    request: Request,
    projects: Projects,
    project: str,
    document: dict[str, Any],
    body: bytes,
    *,
    command: bytes,
    creates: bool = False,
) -> Answered:
    """A batch of ops, as the route for batches and every resource route sends it: the one way in."""
    edits = converted(document, Edits)
    rebase_from = _made_for(request, edits) if edits.on_conflict == "rebase" else None
    wish = asked(
        request,
        body,
        command,
        intent=encoded(document["ops"]),
        expected_version=edits.expected_version,
        rebase_from=rebase_from,
        rationale=edits.rationale,
    )
    tagged = rebase_from is not None and edits.expected_version is None
    try:
        with calling(**({"expected_version": "If-Match"} if tagged else {})):
            return await projects.edit(
                project, edits.ops, wish, rebase_from=rebase_from, dry_run=edits.dry_run, creates=creates
            )
    except Refused as refused:
        raise _suggesting(refused, document["ops"]) from None


def _made_for(request: Request, edits: Edits) -> int:
    """The version that a batch was made for, as its body or its ``If-Match`` says."""
    if edits.expected_version is not None:
        return edits.expected_version
    versions = if_match(request) or frozenset()
    if len(versions) != 1:
        message = "Say which version the ops were made for: here, or as the one entity tag of If-Match"
        raise Refused("invalid_field", message, "expected_version")
    return next(iter(versions))


def _suggesting(refused: Refused, ops: list[dict[str, Any]]) -> Refused:
    """With the ops to send instead, as they were sent but for what has to change."""
    extra = dict(refused.extra)
    if (suggested := extra.pop("suggested", None)) is not None:
        extra["suggested_ops"] = [ops[index] | changes for index, changes in suggested]
    return Refused(refused.code, refused.message, refused.path, refused.ids, extra)


Where = Callable[[], Awaitable[str]]


async def one_op(
    request: Request, projects: Projects, where: str | Where, op: str, *, creates: bool = False, **named: str
) -> Response:
    """A resource route's op: its name and what the path names, the other fields from the body.

    ``where`` is the project, or finds it; what it refuses is no matter to a request that was answered before.
    """
    body, fields = await optional_body(request)
    return answer(await op_of(request, projects, where, op, named, fields, body, creates=creates))


async def op_of(
    request: Request,
    projects: Projects,
    where: str | Where,
    op: str,
    named: dict[str, Any],
    fields: dict[str, Any],
    body: bytes,
    *,
    creates: bool = False,
) -> Answered:
    """One op from fields of the route and fields of the body, through the same door as a batch of one."""
    if taken := [name for name in ("op", *named) if name in fields]:
        raise Refused("invalid_field", f"Object contains unknown field `{taken[0]}`", taken[0])
    envelope = {name: fields[name] for name in ENVELOPE if name in fields}
    own = {name: value for name, value in fields.items() if name not in ENVELOPE}
    document = {"ops": [{"op": op, **named, **own}], **envelope}
    try:
        project = where if isinstance(where, str) else await where()
    except Refused:
        if (before := projects.answered(asked(request, body, b""))) is None:
            raise
        return before
    try:
        return await edit(request, projects, project, document, body, command=encoded(document), creates=creates)
    except Refused as refused:
        raise _without_index(refused) from None


def _without_index(refused: Refused) -> Refused:
    """The caller sent no batch: the path begins at the body."""
    path = refused.path.removeprefix("ops[0]").removeprefix(".") if refused.path else None
    extra = {name: value for name, value in refused.extra.items() if name != "failing_op"}
    return Refused(refused.code, refused.message, path or None, refused.ids, extra)


def answer(answered: Answered) -> Response:
    """A write's answer with its version as entity tag."""
    version = answered.version if answered.version is not None else _version(answered.body)
    return untagged(answered, {} if version is None else {"ETag": etag(version)})


def untagged(answered: Answered, headers: dict[str, str] | None = None) -> Response:
    """A write's answer that is about nothing with versions of its own."""
    said = {"Idempotency-Replayed": "true"} if answered.replayed else {}
    return Response(answered.body, answered.status, (headers or {}) | said, "application/json")


def _version(body: bytes) -> int | None:
    """The version that an earlier answer named, where it was about a project."""
    return msgspec.json.decode(body, type=_Versioned).version


class _Versioned(msgspec.Struct):
    version: int | None = None


def json(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A plain answer."""
    return Response(encoded(value), status, headers, "application/json")
