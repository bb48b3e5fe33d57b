"""``stoat project`` in time: the history, the edits that go back in it, differences and origins."""

from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.output import AsJson, note, table
from adapters.cli.projects import At, Edit, Project, Version, written

Actor = Annotated[str | None, typer.Option(help='Whose edits; "*" for anybody\'s.')]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, change nothing.")]
Why = Annotated[str | None, typer.Option(help="Why, for the history.")]


def history(
    project: Project,
    actor: Annotated[str | None, typer.Option(help="Only this actor's edits.")] = None,
    state: Annotated[str | None, typer.Option(help="Only edits that are active, reverted or masked.")] = None,
    limit: Annotated[int, typer.Option(help="How many at most.", min=1, max=500)] = 200,
    cursor: Annotated[str | None, typer.Option(help="Go on behind an earlier page.")] = None,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    as_json: AsJson = False,
) -> None:
    """Who did what, newest first; as it was at a version, at a time or after an edit."""
    then = {"version": version, "at": at, "edit": edit}
    with connect() as api:
        reply = api.get(f"/projects/{project}/history", limit=limit, cursor=cursor, actor=actor, state=state, **then)
    if as_json:
        print(reply.text)
        return
    rows = (
        (e["version"], e["actor"], ", ".join(e["ops"]), e["state"], e["recorded_at"], e["edit_id"], e["rationale"])
        for e in reply.body["items"]
    )
    table(("version", "actor", "ops", "state", "time", "edit", "why"), rows)
    if reply.body["next_cursor"]:
        note(f"more: --cursor {reply.body['next_cursor']}")


def _send(path: str, body: dict[str, Any], dry_run: bool, why: str | None, as_json: bool) -> None:
    said = {name: value for name, value in body.items() if value is not None}
    said |= {"dry_run": True} if dry_run else {}
    said |= {"rationale": why} if why else {}
    with connect() as api:
        written(api.post(path, said), as_json)


def undo(
    project: Project,
    count: int = 1,
    actor: Actor = None,
    dry_run: DryRun = False,
    why: Why = None,
    as_json: AsJson = False,
) -> None:
    """Take back your newest edits."""
    _send(f"/projects/{project}/undo", {"count": count, "actor": actor}, dry_run, why, as_json)


def redo(
    project: Project,
    count: int = 1,
    actor: Actor = None,
    dry_run: DryRun = False,
    why: Why = None,
    as_json: AsJson = False,
) -> None:
    """Bring back what you undid."""
    _send(f"/projects/{project}/redo", {"count": count, "actor": actor}, dry_run, why, as_json)


def revert(
    project: Project,
    edit: Annotated[str, typer.Argument(help="The edit's id, from the history.")],
    cascade: Annotated[bool, typer.Option("--cascade", help="Also what can't be without it.")] = False,
    dry_run: DryRun = False,
    why: Why = None,
    as_json: AsJson = False,
) -> None:
    """Take back any edit, whoever made it."""
    _send(f"/projects/{project}/revert", {"edit_id": edit, "cascade": cascade}, dry_run, why, as_json)


def restore(
    project: Project,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    dry_run: DryRun = False,
    why: Why = None,
    as_json: AsJson = False,
) -> None:
    """Make the project what it was at a version, at a time or after an edit, as a new edit."""
    _send(f"/projects/{project}/restore", {"version": version, "at": at, "edit": edit}, dry_run, why, as_json)


def diff(
    project: Project,
    before: Annotated[
        str | None, typer.Option("--from", help="A version, an edit or a time; the edit before --to.")
    ] = None,
    after: Annotated[str | None, typer.Option("--to", help="A version, an edit or a time; the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """What leads from one state to another."""
    with connect() as api:
        reply = api.get(f"/projects/{project}/diff", **{"from": before, "to": after})
    if as_json:
        print(reply.text)
        return
    print(f"version {reply.body['before']} to {reply.body['after']}")
    for line in reply.body["lines"]:
        print(f"  {line}")


def blame(
    project: Project,
    clip: str | None = None,
    t: Annotated[str | None, typer.Option("-t", "--time", help="A moment of the film, in seconds.")] = None,
    field: Annotated[str | None, typer.Option(help="Only this field.")] = None,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    as_json: AsJson = False,
) -> None:
    """Which edits a clip, or all that is there at a moment, comes from; then, or now."""
    asked = {"clip": clip, "t": t, "field": field, "version": version, "at": at, "edit": edit}
    with connect() as api:
        reply = api.get(f"/projects/{project}/blame", **asked)
    if as_json:
        print(reply.text)
        return
    rows = (
        (
            item["id"],
            item["field"] or f"the {item['kind'].replace('_', ' ')}",
            item["edit"]["version"],
            item["edit"]["actor"],
            ", ".join(item["edit"]["ops"]),
            item["edit"]["recorded_at"],
            item["edit"]["rationale"],
        )
        for item in reply.body["items"]
    )
    table(("of", "what", "version", "actor", "ops", "time", "why"), rows)


def register(app: typer.Typer) -> None:
    """Add the commands to ``stoat project``."""
    for command in (history, undo, redo, revert, restore, diff, blame):
        app.command()(command)
