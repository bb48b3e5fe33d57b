"""``stoat project fork``, ``merge`` and ``what-if``."""

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.hints import hint
from adapters.cli.history import DryRun, Why
from adapters.cli.output import AsJson
from adapters.cli.projects import At, Edit, Project, Version, ops_in, written

Name = Annotated[str | None, typer.Option(help="The new project's name.")]


def fork(
    project: Project,
    name: Name = None,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    as_json: AsJson = False,
) -> None:
    """Begin a project as this one is, or was at a version, at a time or after an edit."""
    said = {"name": name, "version": version, "at": at, "edit": edit}
    with connect() as api:
        reply = api.post(f"/projects/{project}/fork", {key: value for key, value in said.items() if value is not None})
    print(reply.text if as_json else reply.body["id"])


def merge(
    project: Project,
    source: Annotated[str, typer.Argument(help="A fork of the project, or what it was forked from.")],
    skip: Annotated[list[str] | None, typer.Option(help="An edit to leave out; may come more than once.")] = None,
    dry_run: DryRun = False,
    why: Why = None,
    as_json: AsJson = False,
) -> None:
    """Decide another branch's edits again here: all of them, or none."""
    body: dict[str, Any] = {"source": source, "skip": skip or [], "dry_run": dry_run, "rationale": why}
    with connect() as api:
        reply = api.post(f"/projects/{project}/merge", body)
    written(reply, as_json)
    if clashes := [outcome for outcome in reply.body.get("replayed", ()) if outcome["outcome"] == "conflict"]:
        raise Failed(f"the merge would be refused: {len(clashes)} edits are in conflict", hint("merge_conflict"))


def what_if(
    project: Project,
    edit: Annotated[str, typer.Argument(help="The edit that had been another one.")],
    file: Annotated[Path | None, typer.Argument(help="A JSON list of ops; without it, the edit had not been.")] = None,
    name: Name = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Begin a project in which a past edit was another one, and all that followed was decided again."""
    ops = [] if file is None else ops_in(file).get("ops")
    body = {"edit_id": edit, "ops": ops, "dry_run": dry_run} | ({} if name is None else {"name": name})
    with connect() as api:
        reply = api.post(f"/projects/{project}/what-if", body)
    if as_json or dry_run:
        written(reply, as_json)
        return
    print(reply.body["id"])
    for outcome in reply.body.get("replayed", ()):
        if outcome["outcome"] == "conflict":
            print(f"  left out {outcome['edit_id']}: {outcome['message']} [{outcome['code']}]")


def register(app: typer.Typer) -> None:
    """Add the commands to ``stoat project``."""
    app.command()(fork)
    app.command()(merge)
    app.command("what-if")(what_if)
