"""``stoat frame`` and ``stoat sheet``: pictures of a film without a render."""

import json
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.connection import connect
from adapters.cli.failure import Failed
from adapters.cli.output import AsJson, note
from adapters.cli.projects import Project


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command()(frame)
    app.command()(sheet)


def frame(
    project: Project,
    out: Annotated[Path, typer.Argument(help="The file to write: .jpg or .png.")],
    time: Annotated[str | None, typer.Option(help="When: seconds or a timecode; the first frame if left out.")] = None,
    number: Annotated[int | None, typer.Option("--frame", help="Which frame instead, counted from 0.")] = None,
    width: Annotated[int | None, typer.Option(help="Pixels; as wide as the film if left out.")] = None,
    version: int | None = None,
    at: str | None = None,
    edit: str | None = None,
    as_json: AsJson = False,
) -> None:
    """Write the frame that a render would show at a time, of any version."""
    kind = out.suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    asked = {"t": time, "frame": number, "width": width, "version": version, "at": at, "edit": edit}
    with connect() as api:
        reply = api.get("/preview/frame", project_id=project, format=kind, **asked)
    _write(out, reply.content)
    told = {name: int(reply.headers[f"stoat-{name}"]) for name in ("frame", "version")}
    if as_json:
        print(json.dumps({"path": str(out), **told}))
    else:
        note(f"wrote {out}: frame {told['frame']} of version {told['version']}")


def sheet(
    project: Project,
    out: Annotated[Path, typer.Argument(help="The file to write, a JPEG.")],
    count: Annotated[int | None, typer.Option(help="How many pictures, or rows of before and after.")] = None,
    columns: int | None = None,
    width: Annotated[int | None, typer.Option(help="Pixels of each picture.")] = None,
    version: int | None = None,
    since: Annotated[
        int | None, typer.Option("--from", help="Instead: what looks different since that version, before and after.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a sheet of frames at even distances with their times, or of what changed between two versions."""
    asked = {"count": count, "width": width}
    if since is None:
        path, asked = "/preview/sheet", {**asked, "columns": columns, "version": version}
    elif columns is None:
        path, asked = "/preview/changes/sheet", {**asked, "from": since, "to": version}
    else:
        raise typer.BadParameter("before and after are two columns", param_hint="--columns")
    with connect() as api:
        reply = api.get(path, project_id=project, **asked)
    _write(out, reply.content)
    if as_json:
        print(json.dumps({"path": str(out), "bytes": len(reply.content)}))
    else:
        note(f"wrote {out}")


def _write(out: Path, content: bytes) -> None:
    try:
        with out.open("xb") as file:
            file.write(content)
    except OSError as error:
        raise Failed(f"{out}: {error.strerror}", "choose another file") from error
