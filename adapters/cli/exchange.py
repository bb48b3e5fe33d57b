"""``stoat export`` and ``stoat import``: projects between logs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, note
from adapters.cli.projects import At, Edit, Project, Version, decoded_file


def export(
    project: Project,
    out: Annotated[Path | None, typer.Option(help="The file to write; standard output if left out.")] = None,
    version: Version = None,
    at: At = None,
    edit: Edit = None,
    as_json: AsJson = False,
) -> None:
    """A project as a document that `stoat import` takes in, here or on another log."""
    import msgspec

    with connect() as api:
        reply = api.get(f"/projects/{project}/export", version=version, at=at, edit=edit)
    text = msgspec.json.format(reply.text, indent=2) + "\n"
    if out is None:
        print(text, end="")
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise Failed(f"{out}: {error.strerror}", "choose another --out") from error
    told = {"path": str(out), "version": reply.body["project"]["version"], "assets": len(reply.body["assets"])}
    if as_json:
        print(json.dumps(told))
    else:
        note(f"wrote {out}: version {told['version']}, {told['assets']} files")


def take_in(
    source: Annotated[Path, typer.Argument(help="What `stoat export` wrote, or a project's folder under DATA_DIR.")],
    name: Annotated[str | None, typer.Option(help="Another name for it.")] = None,
    project_id: Annotated[str | None, typer.Option("--id", help="Another id for it.")] = None,
    new_id: Annotated[bool, typer.Option("--new-id", help="An id of its own.")] = False,
    as_json: AsJson = False,
) -> None:
    """Begin a project from a document; its files are found in the library by content."""
    body = {"document": _document(source), "name": name, "id": project_id, "new_id": new_id}
    with connect() as api:
        reply = api.post("/projects/import", body)
    print(reply.text if as_json else reply.body["id"])


def _document(source: Path) -> Any:
    if not source.is_dir():
        return decoded_file(source)
    project, assets = decoded_file(source / "project.json"), decoded_file(source / "assets.json")
    return {"format": "stoat-project.1", "project": project, "assets": assets}


def register(app: typer.Typer) -> None:
    """Add the commands to ``stoat``."""
    app.command()(export)
    app.command("import")(take_in)
